package dev.portcullis.operator.envoy;

import dev.portcullis.operator.envoytest.Gate;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution;
import dev.portcullis.operator.resolve.openapi.OpenApiReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Documents of 10 to 1000 operations: reading, resolving, translating, and what Envoy pays. */
public final class LargeDocumentBenchmark {

  private static final int REQUESTS = 2000;

  public static void main(String[] arguments) throws IOException {
    System.out.println(
        "operations  KB of text  read ms  resolve ms  translate ms  RDS KB  request us");
    for (var operations : new int[] {10, 10, 100, 300, 1000}) {
      var text = document(operations);
      var reading = timed(() -> OpenApiReader.read(text));
      var folder = new GoldenFolder(Path.of("src/test/resources/translation/openapi"));
      var sample = BackendViews.of(folder);
      var view =
          new BackendView(
              sample.policy(),
              sample.rivals(),
              sample.pods(),
              sample.mesh(),
              sample.neighbours(),
              sample.trusts(),
              sample.keys(),
              sample.keySets(),
              Optional.of(reading.value()),
              Optional.empty(),
              sample.servingPods());
      var resolved = timed(() -> intent(PolicyResolver.resolve(view)));
      var translated = timed(() -> new EnvoyTranslator().translate(resolved.value()));
      System.out.printf(
          "%10d  %10d  %7d  %10d  %12d  %6d  %10d%n",
          operations,
          text.length() / 1024,
          reading.millis(),
          resolved.millis(),
          translated.millis(),
          translated.value().routes().getSerializedSize() / 1024,
          microsOfARequest(resolved.value(), operations));
    }
  }

  private static long microsOfARequest(BackendIntent intent, int operations) throws IOException {
    var change = Intents.routes(intent.routes().toArray(Route[]::new));
    try (var gate = Gate.open(change);
        var connection = gate.as(Intents.EDGE).connect()) {
      var last = "/api/v1/collection-%04d/7".formatted(operations / 2 - 1);
      for (var warm = 0; warm < REQUESTS; warm++) {
        connection.get(last);
      }
      var begin = System.nanoTime();
      for (var request = 0; request < REQUESTS; request++) {
        connection.get(last);
      }
      return (System.nanoTime() - begin) / REQUESTS / 1000;
    }
  }

  /** Half of them read one thing, half change it. */
  private static String document(int operations) {
    return "openapi: 3.0.3\nservers: [{url: /api/v1}]\npaths:\n"
        + IntStream.range(0, operations / 2)
            .mapToObj(
                index ->
                    """
                      /collection-%04d/{id}:
                        parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
                        get: {operationId: read%d}
                        put:
                          operationId: change%d
                          requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
                    """
                        .formatted(index, index, index))
            .collect(Collectors.joining());
  }

  private record Timed<T>(T value, long millis) {}

  private static <T> Timed<T> timed(Supplier<T> work) {
    var begin = System.nanoTime();
    var value = work.get();
    return new Timed<>(value, (System.nanoTime() - begin) / 1_000_000);
  }

  private static BackendIntent intent(Resolution resolution) {
    return switch (resolution) {
      case Resolution.Resolved(var intent) -> intent;
      case Resolution.Unresolved(var problems) -> throw new IllegalStateException("" + problems);
    };
  }

  private LargeDocumentBenchmark() {}
}
