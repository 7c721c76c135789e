package dev.portcullis.operator.identity;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Prints, per crypto provider, how many leaves one core makes a second from the bytes of a request
 * to the PEM of a chain (P-256 leaf, P-384 issuer), beside what the provider alone does for the
 * same two operations: one verification and one signature. Counted in CPU time of the one thread,
 * in alternating rounds, so that other load on the machine weighs on both alike.
 */
public final class IssuanceBenchmark {

  private static final int WARM_UP = 4_000;
  private static final int BATCH = 500;
  private static final int ROUNDS = 8;

  private IssuanceBenchmark() {}

  public static void main(String[] arguments) {
    run(CryptoProvider.plainJdk(), System.out);
    CryptoProvider.corretto().ifPresent(crypto -> run(crypto, System.out));
  }

  private static void run(CryptoProvider crypto, PrintStream out) {
    var material = new CaMint(Authorities.DOMAIN, crypto).newAuthority(Authorities.NOW);
    var authority = Authorities.authority(material, crypto);
    var request = Requests.empty("ECDSAP256");
    var bare = new BareProvider(crypto);
    Supplier<?> alone = bare::verifyAndSign;
    Supplier<?> whole = () -> issue(authority, request, crypto);
    cpuNanos(alone, WARM_UP);
    cpuNanos(whole, WARM_UP);
    long aloneNanos = 0;
    long wholeNanos = 0;
    for (int round = 0; round < ROUNDS; round++) {
      aloneNanos += cpuNanos(alone, BATCH);
      wholeNanos += cpuNanos(whole, BATCH);
    }
    out.printf(
        "%-28s issue %6.0f/s/core   provider alone %6.0f/s/core   %3.0f %%%n",
        crypto.name(),
        perSecond(wholeNanos),
        perSecond(aloneNanos),
        100.0 * aloneNanos / wholeNanos);
  }

  private static double perSecond(long nanos) {
    return (double) ROUNDS * BATCH * Duration.ofSeconds(1).toNanos() / nanos;
  }

  private static Issuance issue(
      CertificateAuthority authority, byte[] request, CryptoProvider crypto) {
    var read = (SigningRequest.Acceptable) SigningRequest.ofPkcs10(request, crypto);
    return authority.issue(
        new LeafOrder(
            read.key(), Authorities.ORDERS, List.of(), Duration.ofHours(24), Authorities.NOW));
  }

  private static long cpuNanos(Supplier<?> work, int times) {
    var threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < times; i++) {
      if (work.get() == null) {
        throw new AssertionError("work has a result");
      }
    }
    return threads.getCurrentThreadCpuTime() - start;
  }
}
