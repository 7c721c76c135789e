package dev.portcullis.sample.caller;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes one call per path and prints what came back. */
@Command(
    name = "call",
    description = "Call each path once; prints status, headers and body, or why there was none.")
final class CallCommand implements Callable<Integer> {

  @Mixin private TargetOptions options;

  @Option(names = "-X", defaultValue = "GET", description = "Method.")
  private String method;

  @Option(names = "-H", description = "A header line, may be given several times.")
  private List<String> headers = new ArrayList<>();

  @Option(names = "--body-bytes", description = "Length of the request's body.")
  private int bodyBytes;

  @Option(names = "--status-only", description = "Print the status and the path alone.")
  private boolean statusOnly;

  @Option(
      names = "--until-status",
      description =
          "Repeat each call over its connection until this status comes, 1000 times at most; print"
              + " the last answer.")
  private int untilStatus;

  @Parameters(arity = "1..*", description = "Request targets, sent as they are.")
  private List<String> paths;

  @Override
  public Integer call() {
    paths.forEach(this::callOnce);
    return 0;
  }

  private void callOnce(String path) {
    try (var connection = Connection.open(options.target(), Optional.empty())) {
      var request = new Request(method, options.authority(), path, headers, bodyBytes);
      print(path, lastAnswer(connection, request));
    } catch (IOException | GeneralSecurityException refused) {
      System.out.println("refused " + path + " " + refused.getMessage());
    }
  }

  private Response lastAnswer(Connection connection, Request request) throws IOException {
    var response = connection.exchange(request);
    for (var i = 1; untilStatus > 0 && response.status() != untilStatus && i < 1000; i++) {
      response = connection.exchange(request);
    }
    return response;
  }

  private void print(String path, Response response) {
    if (statusOnly) {
      System.out.println(response.status() + " " + path);
      return;
    }
    System.out.println("HTTP " + response.status());
    response.headers().forEach((name, value) -> System.out.println(name + ": " + value));
    System.out.println();
    System.out.println(response.body());
  }
}
