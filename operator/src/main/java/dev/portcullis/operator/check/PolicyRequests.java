package dev.portcullis.operator.check;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;

/**
 * Asks the API server what it would make of a policy, as the pod's own service account. Nothing is
 * stored.
 *
 * @param account directory with the account's {@code token} and the API server's {@code ca.crt}
 */
record PolicyRequests(Path account, String namespace) {

  private static final URI API_SERVER = URI.create("https://kubernetes.default.svc");

  /** Offers a policy with this {@code spec}, as JSON. */
  HttpResponse<String> offer(String spec)
      throws IOException, InterruptedException, GeneralSecurityException {
    var policy =
        """
        {"apiVersion": "portcullis.dev/v1alpha1", "kind": "ApiBackendPolicy",
         "metadata": {"generateName": "portcullis-test-"}, "spec": %s}\
        """
            .formatted(spec);
    var path =
        "/apis/portcullis.dev/v1alpha1/namespaces/"
            + namespace
            + "/apibackendpolicies?dryRun=All&fieldValidation=Strict";
    var request =
        HttpRequest.newBuilder(API_SERVER.resolve(path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + Files.readString(account.resolve("token")).strip())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(policy))
            .build();
    var trust = Trust.of(account.resolve("ca.crt"));
    try (var client = HttpClient.newBuilder().sslContext(trust).build()) {
      return client.send(request, BodyHandlers.ofString());
    }
  }
}
