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
    description = "Send many requests at once; prints the count of each status per source address.")
final class BurstCommand implements Callable<Integer> {

  @Mixin private TargetOptions options;

  @Option(names = "--requests", required = true, description = "Requests per source address.")
  private int requests;

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
          threads.invokeAll(addresses.stream().map(a -> (Callable<Tally>) () -> burst(a)).toList());
      for (var result : results) {
        System.out.println(result.get());
      }
      System.out.printf("seconds %.3f%n", (System.nanoTime() - started) / 1e9);
    }
    return 0;
  }

  private Tally burst(String address) throws IOException, GeneralSecurityException {
    Optional<InetAddress> source =
        address.isEmpty() ? Optional.empty() : Optional.of(InetAddress.getByName(address));
    var counts = new TreeMap<Integer, Integer>();
    var request = new Request("GET", options.authority(), path, List.of(), 0);
    var started = System.nanoTime();
    try (var connection = Connection.open(options.target(), source)) {
      started = System.nanoTime();
      for (var i = 0; i < requests; i++) {
        counts.merge(connection.exchange(request).status(), 1, Integer::sum);
      }
    }
    return new Tally(address, counts, System.nanoTime() - started);
  }

  private record Tally(String address, Map<Integer, Integer> counts, long nanos) {
    @Override
    public String toString() {
      return "%s %s %.3f".formatted(address.isEmpty() ? "self" : address, counts, nanos / 1e9);
    }
  }
}
