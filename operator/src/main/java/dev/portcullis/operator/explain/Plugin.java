package dev.portcullis.operator.explain;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * {@code explain ID}, or {@code would METHOD PATH --from CALLER}; see docs/reference/plugin.md.
 * Policies, the ConfigMaps that they refer to and lines of logs come in on standard input. Ends
 * with 0 for an explanation and a request that would pass, with 1 for one that would not, with 2
 * when asked for something else.
 */
public final class Plugin {

  private static final int UNUSABLE = 2;

  private Plugin() {}

  /** See the class. */
  public static void main(String[] arguments) {
    try {
      var answer = answer(List.of(arguments), System.in);
      System.out.println(answer.text());
      System.exit(answer.status());
    } catch (IllegalArgumentException | IllegalStateException e) {
      fail(e.getMessage());
    } catch (Exception e) {
      // Java would end with 1, which says that the request is denied.
      fail(e.toString());
    }
  }

  private static void fail(String why) {
    System.err.println("kubectl portcullis: " + why);
    System.exit(UNUSABLE);
  }

  /**
   * What is printed, and the status to end with.
   *
   * @throws IllegalArgumentException when asked for something that cannot be answered
   */
  static Answer answer(List<String> arguments, InputStream objects) throws Exception {
    var options = Options.parse(arguments);
    var input = new String(objects.readAllBytes(), StandardCharsets.UTF_8);
    var policies = Policies.read(RefusalLines.objectsIn(input));
    return switch (options.command()) {
      case "explain" -> Explanation.of(options, policies, input);
      case "would" -> Forecast.of(options, policies);
      default -> throw new IllegalArgumentException(Options.USAGE);
    };
  }

  /** A text for people, and a status for programs. */
  record Answer(String text, int status) {}
}
