package dev.portcullis.operator.check;

import java.nio.file.Path;
import java.util.List;

/**
 * Checks the installation whose operator is at the host of the first argument, in the namespace of
 * the second. Prints a line per check; ends with 1 if one of them does not hold.
 */
public final class InstallationCheck {

  private static final Path TRUST_BUNDLE = Path.of("/var/run/portcullis/trust/ca.pem");
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private InstallationCheck() {}

  /** {@code <operator's host> <namespace>} */
  public static void main(String[] arguments) {
    var host = arguments[0];
    var policies = new PolicyRequests(ACCOUNT, arguments[1]);
    var failed =
        List.of(
                new OperatorReady(host),
                new TlsPort(host, 443, "http/1.1", TRUST_BUNDLE),
                new TlsPort(host, 18000, "h2", TRUST_BUNDLE),
                new ValidPolicyAccepted(policies),
                new InvalidPolicyRefused(policies))
            .stream()
            .filter(check -> !holds(check))
            .count();
    System.exit(failed == 0 ? 0 : 1);
  }

  private static boolean holds(Check check) {
    try {
      check.run();
      System.out.println("ok: " + check.claim());
      return true;
    } catch (Exception e) {
      System.out.println("NOT: " + check.claim() + ": " + e);
      return false;
    }
  }
}
