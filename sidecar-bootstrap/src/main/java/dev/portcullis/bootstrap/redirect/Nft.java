package dev.portcullis.bootstrap.redirect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The nft program of the image. */
public record Nft(Path program) {

  /** The first {@code nft} on a search path such as {@code /usr/sbin:/usr/bin}. */
  public static Optional<Nft> find(String searchPath) {
    return Arrays.stream(searchPath.split(":"))
        .map(directory -> Path.of(directory, "nft"))
        .filter(Files::isExecutable)
        .map(Nft::new)
        .findFirst();
  }

  /**
   * Applies the rules in one transaction.
   *
   * @throws IOException with what nft said, when it refused
   */
  public void apply(RedirectRules rules) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(program.toString(), "-f", "-").redirectErrorStream(true).start();
    feed(process, rules);
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(said.lines().findFirst().orElse("nft said nothing"));
    }
  }

  private static void feed(Process process, RedirectRules rules) {
    try (var input = process.getOutputStream()) {
      input.write(rules.text().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It did not want to read on: what it says and its exit status tell why.
      return;
    }
  }
}
