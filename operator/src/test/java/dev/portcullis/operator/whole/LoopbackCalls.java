package dev.portcullis.operator.whole;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * An application that calls another backend through a port of its pod's loopback, again and again
 * until it is ended, and prints a line for each answer: status and body.
 */
final class LoopbackCalls {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long PAUSE_MILLIS = 20;

  /** Arguments: the port. */
  public static void main(String[] arguments) throws InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + arguments[0] + "/who");
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("x-forwarded-client-cert", "URI=spiffe://cluster.local/ns/x/sa/king")
            .header("x-portcullis-caller", "spiffe://cluster.local/ns/x/sa/king")
            .build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      while (true) {
        System.out.println(answer(client, request));
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private static String answer(HttpClient client, HttpRequest request) throws InterruptedException {
    try {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body().replace('\n', ' ').strip();
    } catch (IOException failed) {
      return "0 " + failed;
    }
  }

  private LoopbackCalls() {}
}
