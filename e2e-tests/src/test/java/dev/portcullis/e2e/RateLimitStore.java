package dev.portcullis.e2e;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The chart's option for rates of scope Fleet, as an administrator asks for it. */
final class RateLimitStore {

  private static final String SECRET = "portcullis-rate-limit";

  private RateLimitStore() {}

  /** Makes what the chart wants to be there; pods that run have read what is there already. */
  static void prepare(KubernetesClient client) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(Installation.NAMESPACE)
            .withName(SECRET)
            .endMetadata()
            .withStringData(Map.of("account-key", random(), "store-password", random()))
            .build();
    client.resource(secret).createOr(_ -> client.resource(secret).get());
  }

  /** Arguments of helm. */
  static List<String> values() {
    var service = Environment.rateLimitImage();
    var store = Environment.storeImage();
    var texts =
        Stream.of(
                "secretName=" + SECRET,
                "resources.requests.cpu=10m",
                "store.resources.requests.cpu=10m",
                "image.repository=" + repository(service),
                "image.tag=" + tag(service),
                "store.image.repository=" + repository(store),
                "store.image.tag=" + tag(store))
            .flatMap(value -> Stream.of("--set-string", "rateLimit.fleet." + value));
    var others =
        Stream.of("--set", "rateLimit.fleet.enabled=true", "--set", "rateLimit.fleet.replicas=1");
    return Stream.concat(others, texts).toList();
  }

  /** Without the registry, which the values of the demonstration name. */
  private static String repository(String image) {
    return image.substring(image.indexOf('/') + 1, image.lastIndexOf(':'));
  }

  private static String tag(String image) {
    return image.substring(image.lastIndexOf(':') + 1);
  }

  private static String random() {
    return UUID.randomUUID().toString() + UUID.randomUUID();
  }
}
