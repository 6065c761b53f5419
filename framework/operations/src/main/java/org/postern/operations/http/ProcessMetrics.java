package org.postern.operations.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The process by the names that all of Prometheus' client libraries have for it, and so dashboards
 * and alerts that are not Postern's. What the system does not tell is left out.
 */
final class ProcessMetrics implements MultiCollector {
  private static final int SIZE = 8192;

  /** Stays open: a process in a jail has no /proc, and goes on to read what it has opened. */
  private static final Optional<FileChannel> STATUS = open(Path.of("/proc/self/status"));

  /** Has the file opened. */
  static void preload() {
    resident();
  }

  private static Optional<FileChannel> open(Path file) {
    try {
      return Optional.of(FileChannel.open(file, StandardOpenOption.READ));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public MetricSnapshots collect() {
    List<MetricSnapshot> found = new ArrayList<>();
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      found.add(
          CounterSnapshot.builder()
              .name("process_cpu_seconds")
              .help("Processor time used.")
              .dataPoint(
                  CounterDataPointSnapshot.builder()
                      .value(system.getProcessCpuTime() / 1e9)
                      .build())
              .build());
    }
    resident()
        .ifPresent(bytes ->
            found.add(
                GaugeSnapshot.builder()
                    .name("process_resident_memory_bytes")
                    .help("Memory that is in use.")
                    .dataPoint(GaugeDataPointSnapshot.builder().value((double) bytes).build())
                    .build()));
    return new MetricSnapshots(found);
  }

  /** {@code VmRSS} of proc(5), in bytes. */
  private static OptionalLong resident() {
    if (STATUS.isEmpty()) {
      return OptionalLong.empty();
    }
    ByteBuffer text = ByteBuffer.allocate(SIZE);
    try {
      STATUS.get().read(text, 0);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
    return new String(text.array(), 0, text.position(), US_ASCII)
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst();
  }
}
