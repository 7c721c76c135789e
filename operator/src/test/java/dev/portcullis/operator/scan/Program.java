package dev.portcullis.operator.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A scanner in a process of its own, with a folder of its own. */
record Program(Path home, Map<String, String> environment) {

  private static final long MINUTES = 5;

  /** Runs to the end; its exit code is no verdict, so what it wrote is. */
  void run(List<String> command) {
    var log = home.resolve("output.log");
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(command + " did not end:\n" + Files.readString(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Fails with the program's own words where it wrote no such file. */
  byte[] wrote(String file) {
    try {
      assertThat(home.resolve(file))
          .as("%s of %s", file, Files.readString(home.resolve("output.log")))
          .exists();
      return Files.readAllBytes(home.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
