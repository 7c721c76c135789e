package dev.portcullis.operator.watch.outside;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a look at a Secret told. */
public sealed interface SecretReading {

  /** Which one. */
  record Name(String namespace, String name) {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /** It is there. */
  record Found(String version, Map<String, byte[]> files) implements SecretReading {
    public Optional<byte[]> file(String key) {
      return Optional.ofNullable(files.get(key)).filter(content -> content.length > 0);
    }
  }

  record Missing() implements SecretReading {}

  /** The operator was not granted it, or not any more. */
  record Forbidden() implements SecretReading {}

  /** The API server says nothing of it now. */
  record Unanswered(String message) implements SecretReading {}

  static SecretReading of(KubernetesClient client, Name name) {
    try {
      var secret = client.secrets().inNamespace(name.namespace()).withName(name.name()).get();
      return secret == null
          ? new Missing()
          : new Found(
              secret.getMetadata().getUid() + "/" + secret.getMetadata().getResourceVersion(),
              decoded(Optional.ofNullable(secret.getData()).orElse(Map.of())));
    } catch (KubernetesClientException refused) {
      return refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN
          ? new Forbidden()
          : new Unanswered(refused.getMessage());
    }
  }

  private static Map<String, byte[]> decoded(Map<String, String> data) {
    var files = new HashMap<String, byte[]>();
    data.forEach((key, value) -> files.put(key, Base64.getDecoder().decode(value)));
    return files;
  }
}
