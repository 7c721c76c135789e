package dev.portcullis.operator.whole;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One state of a policy that is edited at random: who may use which path, and things beside it that
 * decide about nobody, some of which make the gate replace its listener.
 *
 * @param callers by path; a path that nobody may use is unknown
 */
record Edition(int number, SortedMap<String, List<String>> callers, Beside beside) {

  static final List<String> PATHS = List.of("/first", "/second", "/third");
  static final List<String> ACCOUNTS = List.of("one", "two");

  /** What decides about nobody here. */
  record Beside(int headerCount, int requestSeconds, int requestsPerSecond) {}

  /** The next state after this many. */
  static Edition random(int number, Random random) {
    var callers = new TreeMap<String, List<String>>();
    for (var path : PATHS) {
      var some = ACCOUNTS.stream().filter(account -> random.nextInt(3) > 0).toList();
      if (!some.isEmpty()) {
        callers.put(path, some);
      }
    }
    var beside =
        new Beside(50 + random.nextInt(3), 10 + random.nextInt(3), 10_000 + random.nextInt(3));
    return callers.isEmpty() ? random(number, random) : new Edition(number, callers, beside);
  }

  boolean allows(String account, String path) {
    return callers.getOrDefault(path, List.of()).contains(account);
  }

  /** The policy's spec in YAML. */
  String spec() {
    return """
        selector: {matchLabels: {app: orders}}
        backend: {port: 8080}
        callers:
        %s\
        headers: {response: {set: {x-edition: "%d"}}}
        limits: {headerCount: %d}
        timeouts: {request: %ds}
        rateLimits: [{name: all, requests: %d, burst: 10000}]
        routes:
        %s"""
        .formatted(
            ACCOUNTS.stream().filter(this::isNamed).map(Edition::caller).collect(joining()),
            number,
            beside.headerCount(),
            beside.requestSeconds(),
            beside.requestsPerSecond(),
            callers.entrySet().stream().map(Edition::route).collect(joining()));
  }

  private boolean isNamed(String account) {
    return callers.values().stream().anyMatch(some -> some.contains(account));
  }

  private static String caller(String account) {
    return "  - {name: %s, serviceAccounts: [{name: %s}]}\n".formatted(account, account);
  }

  private static String route(Map.Entry<String, List<String>> known) {
    return "  - {name: %s, path: {exact: %s}, methods: [GET], callers: %s}\n"
        .formatted(known.getKey().substring(1), known.getKey(), known.getValue());
  }
}
