package dev.portcullis.sample.caller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Steady load over kept connections, until told to stop or for a time. */
@Command(
    name = "load",
    description =
        "Send a steady rate over kept connections; prints, when done, a line with requests, failures"
            + " (no answer), statuses and connections opened.")
final class LoadCommand implements Callable<Integer> {

  @Mixin private TargetOptions options;

  @Option(names = "--rate", defaultValue = "50", description = "Requests per second in all.")
  private int rate;

  @Option(names = "--connections", defaultValue = "4", description = "Connections kept open.")
  private int connections;

  @Option(
      names = "--per-connection",
      defaultValue = "0",
      description = "Requests after which a connection is opened anew; 0 keeps it.")
  private int perConnection;

  @Option(names = "--seconds", defaultValue = "600", description = "Longest time to run.")
  private int seconds;

  @Option(names = "--until", description = "Stop once this file exists.")
  private Path until;

  @Option(names = "--begun", description = "Create this file at the first answer.")
  private Path begun;

  @Parameters(description = "Request target.")
  private String path;

  private final AtomicBoolean answered = new AtomicBoolean();

  @Override
  public Integer call() throws InterruptedException {
    var total = new Count();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < connections; i++) {
        threads.submit(() -> drive(total));
      }
    }
    System.out.println(total);
    return 0;
  }

  private void drive(Count total) {
    var gap = Duration.ofSeconds(1).multipliedBy(connections).dividedBy(rate).toNanos();
    var end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    Optional<Connection> connection = Optional.empty();
    var sent = 0;
    for (var next = System.nanoTime(); next < end && !stopped(); next = later(next + gap)) {
      LockSupport.parkNanos(next - System.nanoTime());
      connection = exchange(connection, total);
      sent++;
      if (perConnection > 0 && sent % perConnection == 0) {
        connection.ifPresent(LoadCommand::closeQuietly);
        connection = Optional.empty();
      }
    }
    connection.ifPresent(LoadCommand::closeQuietly);
  }

  /**
   * A beat that was missed is left out: made up for, it would be a burst, and a limit's business.
   */
  private static long later(long next) {
    return Math.max(next, System.nanoTime());
  }

  private boolean stopped() {
    return until != null && Files.exists(until);
  }

  /**
   * A connection that the gate closed while idle is opened anew: only an unanswered request counts.
   */
  private Optional<Connection> exchange(Optional<Connection> kept, Count total) {
    var begun = System.nanoTime();
    try {
      var connection = kept.isPresent() ? kept.get() : open(total);
      var request = new Request("GET", options.authority(), path, List.of(), 0);
      var response = connection.exchange(request);
      total.answered(response.status());
      announce();
      if (!response.closesConnection()) {
        return Optional.of(connection);
      }
      closeQuietly(connection);
    } catch (IOException | GeneralSecurityException e) {
      total.failed(e, Duration.ofNanos(System.nanoTime() - begun));
      kept.ifPresent(LoadCommand::closeQuietly);
    }
    return Optional.empty();
  }

  private void announce() throws IOException {
    if (begun != null && answered.compareAndSet(false, true)) {
      Files.createFile(begun);
    }
  }

  private Connection open(Count total) throws IOException, GeneralSecurityException {
    var connection = Connection.open(options.target(), Optional.empty());
    total.opened();
    return connection;
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (IOException alreadyGone) {
      return;
    }
  }

  /** What became of the load so far. */
  private static final class Count {
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final Map<String, Integer> failures = new TreeMap<>();
    private int opened;

    synchronized void answered(int status) {
      statuses.merge(status, 1, Integer::sum);
    }

    synchronized void failed(Exception e, Duration after) {
      var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      var what = "%s after %d s at %s".formatted(e.getMessage(), after.toSeconds(), now);
      failures.merge(what, 1, Integer::sum);
    }

    synchronized void opened() {
      opened++;
    }

    @Override
    public synchronized String toString() {
      return "failed=%d statuses=%s connections=%d failures=%s"
          .formatted(sum(failures), statuses, opened, failures);
    }

    private static int sum(Map<?, Integer> counts) {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }
}
