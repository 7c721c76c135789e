package dev.portcullis.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartCrdTest {

  private static final Path MADE_FROM_THE_TYPES = Path.of("../crds/src/main/resources/crds");
  private static final Path OF_THE_CHART = Path.of("../helm/portcullis/files/crds");

  static Stream<Path> names() throws IOException {
    try (var made = Files.list(MADE_FROM_THE_TYPES);
        var charts = Files.list(OF_THE_CHART)) {
      return Stream.concat(made, charts).map(Path::getFileName).distinct().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theChartCarriesTheCrdByteByByte(Path name) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.write(
          OF_THE_CHART.resolve(name), Files.readAllBytes(MADE_FROM_THE_TYPES.resolve(name)));
    }
    assertThat(OF_THE_CHART.resolve(name))
        .as("refresh it with -Dgolden.update=true")
        .hasSameBinaryContentAs(MADE_FROM_THE_TYPES.resolve(name));
  }
}
