package org.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.postern.config.PosternParameters;

class SampleConfigurationTest {
  @Test
  void theSamplePosternCfHasEveryParameter() {
    assertThat(Path.of("src/main/dist/etc/postern.cf")).hasContent(PosternParameters.sampleFile());
  }
}
