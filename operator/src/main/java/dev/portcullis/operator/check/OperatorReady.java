package dev.portcullis.operator.check;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Some replica is ready, by its own account, through the Service. */
record OperatorReady(String host) implements Check {

  @Override
  public String claim() {
    return "the operator is ready";
  }

  @Override
  public void run() throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":8080/q/health/ready"))
            .timeout(Duration.ofSeconds(10))
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(answer.statusCode() + " " + answer.body());
      }
    }
  }
}
