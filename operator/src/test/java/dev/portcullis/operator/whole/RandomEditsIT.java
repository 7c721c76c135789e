package dev.portcullis.operator.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A policy that is edited at random while two callers use all it might know: what the policy in
 * force allows is never lost, and what both the old and the new one deny is never served. {@code
 * -Dedits} says how many (default 40), {@code -Dseed} which.
 */
class RandomEditsIT {

  private static final int EDITS = Integer.getInteger("edits", 40);
  private static final long SEED = Long.getLong("seed", 20_261_123);
  private static final int OK = 200;
  private static final int KEPT_OF_EACH_NEW = 9;

  @TempDir private Path home;
  private Scene scene;
  private final Timeline timeline = new Timeline();

  /** When which editions may have been in force. */
  private static final class Timeline {

    private final List<Period> periods = new CopyOnWriteArrayList<>();

    private record Period(Edition edition, long begun, long[] replaced) {}

    /** It may be in force from now on. */
    void begin(Edition edition) {
      periods.add(new Period(edition, System.nanoTime(), new long[] {Long.MAX_VALUE}));
    }

    /** Only the last one may be in force from now on. */
    void settle() {
      var now = System.nanoTime();
      periods.subList(0, periods.size() - 1).stream()
          .filter(period -> period.replaced()[0] == Long.MAX_VALUE)
          .forEach(period -> period.replaced()[0] = now);
    }

    List<Edition> during(long from, long to) {
      return periods.stream()
          .filter(period -> period.begun() <= to && period.replaced()[0] >= from)
          .map(Period::edition)
          .toList();
    }
  }

  private record Request(
      String account, String path, long from, long to, int status, String failure) {}

  /** One caller of one path: nine requests on a kept connection, one on a connection of its own. */
  private static final class Caller implements AutoCloseable {

    private final String account;
    private final String path;
    private final RotatingCaller connections;
    private final List<Request> requests = new ArrayList<>();
    private final Thread thread;
    private volatile boolean ended;

    Caller(String account, String path, RotatingCaller connections) {
      this.account = account;
      this.path = path;
      this.connections = connections;
      this.thread = Thread.ofPlatform().daemon().name(account + " of " + path).start(this::run);
    }

    private void run() {
      while (!ended) {
        var from = System.nanoTime();
        var status =
            requests.size() % (KEPT_OF_EACH_NEW + 1) == 0
                ? connections.get(path)
                : connections.getUntilTold(path);
        var failure = status == 0 ? connections.failure() : "";
        requests.add(new Request(account, path, from, System.nanoTime(), status, failure));
      }
    }

    List<Request> requests() {
      return requests;
    }

    @Override
    public void close() {
      ended = true;
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @BeforeEach
  void start() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Sandbox.possible(), "SKIPPED: needs root, ip, unshare and nft");
    scene = Scene.start(home);
    for (var path : Edition.PATHS) {
      Files.writeString(home.resolve("www" + path), "an order");
    }
  }

  @AfterEach
  void stop() {
    if (scene != null) {
      scene.close();
    }
  }

  @Test
  void loseNothingThatIsAllowedAndServeNothingThatIsDenied() {
    // Given
    var random = new Random(SEED);
    apply(Edition.random(0, random));
    var callers = new ArrayList<Caller>();
    for (var account : Edition.ACCOUNTS) {
      var pod = scene.kubelet.create(account, Map.of("app", account), "none");
      var bundle = scene.kubelet.credentialBundle(pod);
      Edition.PATHS.forEach(path -> callers.add(new Caller(account, path, scene.caller(bundle))));
    }

    // When
    try {
      for (var number = 1; number <= EDITS; number++) {
        apply(Edition.random(number, random));
      }
    } finally {
      callers.forEach(Caller::close);
    }

    // Then
    var requests = callers.stream().flatMap(caller -> caller.requests().stream()).toList();
    var served = requests.stream().filter(request -> request.status() == OK).count();
    System.out.printf(
        "MEASURED %d edits of seed %d under %d requests, %d of them served%n",
        EDITS, SEED, requests.size(), served);
    assertThat(requests.stream().filter(this::lost)).as("allowed, and not served").isEmpty();
    assertThat(requests.stream().filter(this::wrong)).as("denied, and served").isEmpty();
    assertThat(served).as("some are allowed, and some are not").isBetween(1L, requests.size() - 1L);
  }

  private boolean lost(Request request) {
    return request.status() != OK
        && editions(request).allMatch(each -> each.allows(request.account(), request.path()));
  }

  private boolean wrong(Request request) {
    return request.status() == OK
        && editions(request).noneMatch(each -> each.allows(request.account(), request.path()));
  }

  private Stream<Edition> editions(Request request) {
    return timeline.during(request.from(), request.to()).stream();
  }

  private void apply(Edition edition) {
    timeline.begin(edition);
    scene.policies.applySpec(edition.spec());
    await("edition " + edition)
        .atMost(Scene.PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> scene.policies.says("Programmed").equals("True/Programmed"));
    timeline.settle();
  }
}
