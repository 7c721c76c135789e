package dev.portcullis.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Many rotations, one after the other, under load; no part of the build, for it takes a minute and
 * more for each: a kubelet renews a certificate after ten minutes at the earliest, and no more than
 * sixteen replaced CAs are trusted at once. {@code -Drotations} says how many (default 100), {@code
 * -Dkill=true} that the operator is killed at a random step of each.
 */
@OnRealCluster
class RotationSoak {

  private static final int ROTATIONS = Integer.getInteger("rotations", 100);
  private static final boolean KILL = Boolean.getBoolean("kill");
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int WITH_ONE_LOAD = 5;
  private static final int MOST_REPLACED = 16;
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final Pattern REPLACED = Pattern.compile("generation (\\d+), replaced (\\S+),");

  private static Installation installation;
  private static Authority authority;
  private static Operators operators;
  private static Orders orders;

  private final Random random = new Random(SEED);

  /** When the operator is killed. */
  private enum Moment {
    ASKED(report -> true),
    PREPARED(report -> !report.get("next").equals("none")),
    DISTRIBUTED(report -> report.get("message").contains("is published")),
    PROVING(report -> report.get("message").contains("have not proved")),
    SWITCHED(report -> false);

    private final Predicate<Map<String, String>> seen;

    Moment(Predicate<Map<String, String>> seen) {
      this.seen = seen;
    }

    /** A step that is over before anybody has looked counts as seen. */
    boolean isNow(String before) {
      return seen.test(authority.report()) || !authority.generation().equals(before);
    }
  }

  @BeforeAll
  static void deploy(Installation shared) {
    installation = shared;
    authority = new Authority(shared);
    operators = new Operators(shared);
    installation
        .cluster()
        .onNode(
            "sh",
            "-c",
            "sed -i 's/^syncFrequency:.*/syncFrequency: 5s/' /var/lib/kubelet/config.yaml"
                + " && systemctl restart kubelet");
    installation.helm("certificates.rotation.spread=5s");
    orders = Orders.enforced(shared, "rotation-soak");
  }

  @AfterAll
  static void remove() {
    orders.close();
  }

  @Test
  void rotationsLoseNoRequestAndNoHandshake() {
    Progress.say("%d rotations, kill=%s, seed=%d".formatted(ROTATIONS, KILL, SEED));
    var loads = loads();
    for (var done = 0; done < ROTATIONS; done++) {
      rotate(done);
      if (done % WITH_ONE_LOAD == WITH_ONE_LOAD - 1) {
        var next = loads();
        assertNothingLost(loads);
        loads = next;
      }
    }
    assertNothingLost(loads);
    orders.awaitEnforced();
  }

  /** The next ones begin before these end, so that there is no gap. */
  private static List<Load> loads() {
    return List.of(
        Load.on(installation, orders, Load.Connections.KEPT),
        Load.on(installation, orders, Load.Connections.FRESH));
  }

  private static void assertNothingLost(List<Load> loads) {
    for (var load : loads) {
      var outcome = load.stop();
      Progress.say(outcome.line());
      outcome.assertNothingLost();
    }
  }

  /**
   * No rotation begins while as many CAs are replaced as may be. What no gate shows any more, and
   * the caller's new certificate has replaced, is then retired by hand: of a caller the operator
   * cannot know that it has let go before the certificate has ended.
   */
  private static void retireWhatNobodyHolds() {
    var report = authority.report();
    if (report.get("replaced").lines().count() == MOST_REPLACED
        && !report.get("stragglers").contains("serves with a certificate")) {
      REPLACED
          .matcher(report.get("replaced"))
          .results()
          .findFirst()
          .filter(oldest -> Instant.parse(oldest.group(2)).isBefore(callerCertified()))
          .ifPresent(oldest -> authority.ask("portcullis.dev/retire-now", oldest.group(1)));
    }
  }

  private static Instant callerCertified() {
    var end = installation.certificateOfEdge("-enddate", "-dateopt", "iso_8601");
    return Instant.parse(end.strip().replace("notAfter=", "").replace(' ', 'T')).minus(LIFETIME);
  }

  private void rotate(int number) {
    var before = authority.generation();
    var kind = random.nextInt(4) == 0 ? "rotate-issuing" : "rotate-root";
    var begun = Instant.now();
    authority.ask("portcullis.dev/" + kind, "soak " + number + " " + begun);
    var killed = KILL ? " killed " + kill(before) : "";
    await("rotation " + number)
        .atMost(Duration.ofMinutes(25))
        .until(
            () -> {
              retireWhatNobodyHolds();
              return !authority.generation().equals(before);
            });
    Progress.say(
        "%d %s%s: signs after %d s; %d replaced are trusted"
            .formatted(
                number + 1,
                kind,
                killed,
                Duration.between(begun, Instant.now()).toSeconds(),
                authority.report().get("replaced").lines().count()));
  }

  private Moment kill(String before) {
    var moment = Moment.values()[random.nextInt(Moment.values().length)];
    await("the moment to kill")
        .atMost(Duration.ofMinutes(25))
        .pollDelay(Duration.ofMillis(random.nextInt(2000)))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              retireWhatNobodyHolds();
              return moment.isNow(before);
            });
    operators.pods().forEach(operators::kill);
    return moment;
  }
}
