package dev.portcullis.sample.caller;

import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends requests as fast as one connection per source address lets it, and counts the answers. */
@Command(
    name = "burst",
    description =
        "Send many requests at once; prints, per source address, the count of each status, how many a"
            + " bucket of this rate and burst would have let pass at the very times, and the seconds.")
final class BurstCommand implements Callable<Integer> {

  @Mixin private TargetOptions options;

  @Option(names = "--requests", required = true, description = "Requests per source address.")
  private int requests;

  @Option(names = "--rate", defaultValue = "50", description = "Requests per second of the limit.")
  private int rate;

  @Option(names = "--burst", defaultValue = "20", description = "Burst of the limit.")
  private int burst;

  @Option(names = "--from", description = "Source addresses; the pod's own if none.")
  private List<String> sources = new ArrayList<>();

  @Parameters(description = "Request target.")
  private String path;

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    var addresses = sources.isEmpty() ? List.of("") : sources;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var started = System.nanoTime();
      var results =
          threads.invokeAll(addresses.stream().map(a -> (Callable<Tally>) () -> from(a)).toList());
      for (var result : results) {
        System.out.println(result.get());
      }
      System.out.printf("seconds %.3f%n", (System.nanoTime() - started) / 1e9);
    }
    return 0;
  }

  private Tally from(String address) throws IOException, GeneralSecurityException {
    Optional<InetAddress> source =
        address.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByName(address));
    var counts = new TreeMap<Integer, Integer>();
    var request = new Request("GET", options.authority(), path, List.of(), 0);
    try (var connection = Connection.open(options.target(), source)) {
      var bucket = new Bucket(rate, burst);
      var started = System.nanoTime();
      for (var i = 0; i < requests; i++) {
        bucket.ask(System.nanoTime());
        counts.merge(connection.exchange(request).status(), 1, Integer::sum);
      }
      return new Tally(address, counts, bucket.passed(), System.nanoTime() - started);
    }
  }

  private record Tally(String address, Map<Integer, Integer> counts, int expected, long nanos) {
    @Override
    public String toString() {
      return "%s %s expected=%d %.3f"
          .formatted(address.isEmpty() ? "self" : address, counts, expected, nanos / 1e9);
    }
  }
}
