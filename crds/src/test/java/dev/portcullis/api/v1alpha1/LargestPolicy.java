package dev.portcullis.api.v1alpha1;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A policy with as many and as long entries as the schema allows: the server weighs what its rules
 * cost on every write, and must not find this one too dear.
 */
final class LargestPolicy {

  private static final String LONG = "x".repeat(60);

  static String yaml() {
    var spec = new TreeMap<String, Object>();
    spec.put("selector", selector());
    spec.put("backend", Map.of("port", 8080, "healthCheck", Map.of("path", path(8))));
    spec.put("callers", list(32, LargestPolicy::caller));
    spec.put("routes", list(128, LargestPolicy::route));
    spec.put("authentication", Map.of("jwt", list(8, LargestPolicy::jwt), "apiKeys", apiKeys()));
    spec.put("rateLimits", list(4, index -> rateLimit("shared" + index)));
    spec.put("egress", Map.of("calls", list(16, LargestPolicy::call)));
    spec.put("openApi", Map.of("configMapRef", Map.of("name", LONG), "basePath", path(8)));
    spec.put("blockedCidrs", list(256, LargestPolicy::network));
    spec.put("headers", Map.of("request", headers(), "response", headers()));
    var policy =
        Map.of(
            "apiVersion",
            "portcullis.dev/v1alpha1",
            "kind",
            "ApiBackendPolicy",
            "metadata",
            Map.of("name", "largest"),
            "spec",
            spec);
    return Serialization.asYaml(policy);
  }

  private static Object selector() {
    return Map.of(
        "matchLabels", map(16, "example.com/" + LONG.substring(2), LONG),
        "matchExpressions",
            list(8, each -> Map.of("key", name(each), "operator", "In", "values", names(16))));
  }

  private static Object caller(int index) {
    return index % 2 == 0 ? callerOfTheMesh(index) : callerFromOutside(index);
  }

  private static Object callerFromOutside(int index) {
    return Map.of(
        "name", name(index),
        "from",
            Map.of(
                "cidrs", list(64, LargestPolicy::network), "except", list(32, LargestPolicy::part)),
        "trust",
            Map.of(
                "caSecretRef", Map.of("name", LONG),
                "crlSecretRef", Map.of("name", LONG),
                "serverNames", list(8, each -> (LONG + ".").repeat(4) + "n" + each),
                "subjectAltNames",
                    list(
                        32, each -> Map.of("type", "URI", "value", "https://x" + path(8) + each))));
  }

  private static Object callerOfTheMesh(int index) {
    return Map.of(
        "name", name(index),
        "from",
            Map.of(
                "cidrs", list(64, LargestPolicy::network), "except", list(32, LargestPolicy::part)),
        "serviceAccounts", list(32, each -> Map.of("namespace", name(each), "name", name(each))),
        "identities", list(32, each -> "spiffe://cluster.local" + path(7) + "/" + each));
  }

  private static Object route(int index) {
    return Map.of(
        "name", name(index),
        "authentication", authentication(),
        "path", Map.of("template", "/{a}/{b}/{c}/{d}/{e}" + path(7) + "/" + index),
        "methods", List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
        "callers", names(32),
        "rateLimits", list(4, each -> rateLimit(name(each))),
        "limits", Map.of("requestBody", "1023Mi"),
        "timeouts", Map.of("request", "59m59s999ms", "idle", "23h59m59s999ms"));
  }

  private static Object authentication() {
    var values = list(16, each -> "v".repeat(12) + each);
    var claims =
        IntStream.range(0, 8).boxed().collect(Collectors.toMap(each -> LONG + each, _ -> values));
    return Map.of("jwt", names(8), "apiKeys", names(32), "claims", claims);
  }

  private static Object apiKeys() {
    return Map.of(
        "secretRefs",
        list(8, each -> Map.of("name", LONG.repeat(4) + each)),
        "header",
        "k-" + LONG.repeat(2),
        "forwardClient",
        "c-" + LONG.repeat(2));
  }

  private static Object jwt(int index) {
    return Map.of(
        "name",
        name(index),
        "issuer",
        "https://" + LONG.repeat(4) + index,
        "audiences",
        list(8, each -> LONG.repeat(4) + each),
        "jwks",
        index % 2 == 0 ? Map.of("keys", list(16, LargestPolicy::key)) : published(index),
        "maximumLifetime",
        "23h59m59s999ms",
        "forwardClaims",
        IntStream.range(0, 16)
            .boxed()
            .collect(Collectors.toMap(each -> LONG + each, each -> "x-" + LONG + each)));
  }

  private static Object published(int index) {
    return Map.of(
        "url",
        "https://" + (LONG + ".").repeat(3) + "example/" + LONG.repeat(4) + index,
        "caSecretRef",
        Map.of("name", LONG.repeat(4), "key", LONG.repeat(4)),
        "refreshInterval",
        "23h59m59s999ms");
  }

  private static Object key(int index) {
    return Map.of("kty", "RSA", "kid", LONG.repeat(4) + index, "n", "A".repeat(1366), "e", "AQAB");
  }

  private static Object call(int index) {
    return Map.of(
        "name", name(index),
        "localPort", 9000 + index,
        "backend", Map.of("namespace", name(index), "name", name(index).repeat(4)),
        "timeouts", Map.of("request", "23h59m59s999ms", "connect", "23h59m59s998ms"),
        "retries",
            Map.of(
                "perTry",
                "23h59m59s998ms",
                "conditions",
                List.of("NotConnected", "Refused", "Broken", "Unavailable")),
        "ejection", Map.of("duration", "23h59m59s"));
  }

  private static Object rateLimit(String name) {
    return Map.of("name", name, "per", List.of("ClientIP"), "requests", 1, "trackedClients", 100);
  }

  private static Object headers() {
    return Map.of(
        "remove", list(32, each -> "r-" + each + "-" + "x".repeat(100)),
        "set", map(32, "s-" + "x".repeat(100), "v".repeat(2048)),
        "add", map(32, "a-" + "x".repeat(100), "v".repeat(2048)));
  }

  private static String network(int index) {
    return "2001:db8:%x:ffff:ffff:ffff::/96".formatted(0xf000 + index);
  }

  private static String part(int index) {
    return "2001:db8:%x:ffff:ffff:ffff:ffff:0/112".formatted(0xf000 + 63 - index);
  }

  private static String path(int segments) {
    return ("/" + LONG).repeat(segments);
  }

  private static String name(int index) {
    return LONG.substring(3) + index;
  }

  private static List<String> names(int count) {
    return list(count, LargestPolicy::name);
  }

  private static <T> List<T> list(int count, IntFunction<T> item) {
    return IntStream.range(0, count).mapToObj(item).toList();
  }

  private static Map<String, String> map(int count, String prefix, String value) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(index -> prefix + index, _ -> value));
  }

  private LargestPolicy() {}
}
