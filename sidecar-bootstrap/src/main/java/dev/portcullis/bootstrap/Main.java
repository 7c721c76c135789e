package dev.portcullis.bootstrap;

import dev.portcullis.bootstrap.command.Canary;
import dev.portcullis.bootstrap.command.Prepare;
import dev.portcullis.bootstrap.command.Refusal;
import dev.portcullis.bootstrap.render.Layout;

/** {@code prepare} an injected pod, or the operator's {@code canary}. */
public final class Main {

  private static final int SUCCESS = 0;
  private static final int REFUSED = 1;
  private static final int MISUSED = 2;

  private Main() {}

  public static void main(String[] arguments) {
    var status = run(arguments.length == 1 ? arguments[0] : "");
    if (status != SUCCESS) {
      // Not otherwise: exit sets up a logger of its own, which takes longer than to return.
      System.exit(status);
    }
  }

  private static int run(String command) {
    try {
      return switch (command) {
        case "prepare" -> said(new Prepare(System.getenv(), Layout.ofPod()).run());
        case "canary" -> said(new Canary(System.getenv(), Layout.ofPod()).run());
        default -> {
          System.err.println("Say one command: prepare or canary.");
          yield MISUSED;
        }
      };
    } catch (Refusal refusal) {
      System.err.println(refusal.getMessage());
      return REFUSED;
    }
  }

  private static int said(String line) {
    System.out.println(line);
    return SUCCESS;
  }
}
