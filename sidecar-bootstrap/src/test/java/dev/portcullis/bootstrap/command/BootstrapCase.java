package dev.portcullis.bootstrap.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.bootstrap.render.SidecarSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A folder of {@code src/test/resources/bootstrap}: an environment and what comes of it. */
record BootstrapCase(Path folder) {

  private static final Path ROOT = Path.of("src/test/resources/bootstrap");

  static Stream<BootstrapCase> all() {
    try (var folders = Files.list(ROOT)) {
      var cases = folders.filter(Files::isDirectory).sorted().map(BootstrapCase::new).toList();
      assertThat(cases).isNotEmpty();
      return cases.stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  SidecarSettings settings(Layout layout) throws Refusal {
    var environment = new Environment(variables());
    return new SidecarSettings(
        environment.pod(),
        environment.xds(),
        environment.keys(),
        environment.inbound(SidecarSettings.Families.IPV4),
        environment.budget(),
        environment.probes(),
        environment.metrics(),
        layout);
  }

  private Map<String, String> variables() {
    var properties = new Properties();
    try (var reader = Files.newBufferedReader(folder.resolve("in-environment.properties"))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
