package org.postern.operations.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;
import org.postern.operations.status.StatusReport;

/**
 * What Prometheus is told: Postern's own metrics, and those of the process and its Java machine.
 */
final class Metrics implements AutoCloseable {
  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = bindProcess(registry);

  Metrics(Supplier<StatusReport> reports) {
    registry.getPrometheusRegistry().register(new ReportMetrics(reports));
    registry.getPrometheusRegistry().register(new ProcessMetrics());
  }

  private static JvmGcMetrics bindProcess(PrometheusMeterRegistry registry) {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    return collections;
  }

  /** Has the libraries in native code loaded that tell of the process. */
  static void preload() {
    ProcessMetrics.preload();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    try (JvmGcMetrics _ = bindProcess(registry)) {
      registry.scrape();
    } finally {
      registry.close();
    }
  }

  Page page() {
    return new Page(200, CONTENT_TYPE, registry.scrape().getBytes(UTF_8));
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
