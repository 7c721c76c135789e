package dev.portcullis.operator.golden;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.JwksSpec;
import dev.portcullis.operator.intent.ApiKeys;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.RateService;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.VerificationKey;
import dev.portcullis.operator.resolve.ApiKeyReferences;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.DocumentReferences;
import dev.portcullis.operator.resolve.DocumentReferences.Kind;
import dev.portcullis.operator.resolve.KeyReader;
import dev.portcullis.operator.resolve.Neighbour;
import dev.portcullis.operator.resolve.PolicySelection;
import dev.portcullis.operator.resolve.TrustReferences;
import dev.portcullis.operator.resolve.descriptors.DescriptorReader;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import dev.portcullis.operator.resolve.openapi.OpenApiReader;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import dev.portcullis.operator.watch.outside.KeyFile;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the inputs of a folder of the suite {@code translation}: {@code in-policy.yaml} is the
 * policy; every other policy is a rival, and can be called; pods are in the policy's namespace
 * unless they say otherwise, and those that it selects serve; every Secret was read, and those of
 * callers from outside found sound; every ConfigMap holds documents or descriptor sets, or what an
 * issuer publishes: {@code url} and {@code jwks.json}; but one named {@code portcullis-rate-limit}
 * is what the installation says of its store.
 */
public final class BackendViews {

  public static final String POLICY = "in-policy.yaml";

  private static final String STORE = "portcullis-rate-limit";
  private static final String TRUST_DOMAIN = "mesh.example";
  private static final KubernetesSerialization YAML = new KubernetesSerialization();

  /** The installation of every case. */
  public static final Mesh MESH =
      new Mesh(
          TRUST_DOMAIN,
          SpiffeId.ofServiceAccount(TRUST_DOMAIN, "portcullis-system", "portcullis-operator"));

  static {
    YAML.registerKubernetesResource(ApiBackendPolicy.class);
  }

  /** Fails on a document that is none of these. */
  public static BackendView of(GoldenFolder folder) {
    return of(folder, YAML.unmarshal(folder.read(POLICY), ApiBackendPolicy.class));
  }

  /** The folder with another policy in the place of its own. */
  public static BackendView of(GoldenFolder folder, ApiBackendPolicy policy) {
    var rivals = new ArrayList<ApiBackendPolicy>();
    var pods = new ArrayList<Pod>();
    Map<String, String> files = new TreeMap<>();
    var keySets = new HashMap<KeySource, List<VerificationKey>>();
    Map<String, String> documents = new TreeMap<>();
    var mesh = MESH;
    for (var name : folder.inputs()) {
      switch (YAML.<HasMetadata>unmarshal(folder.read(name))) {
        case ApiBackendPolicy rival when !name.equals(POLICY) -> rivals.add(rival);
        case ApiBackendPolicy _ -> {}
        case Pod pod -> pods.add(pod);
        case ConfigMap map when map.getMetadata().getName().equals(STORE) ->
            mesh =
                MESH.with(
                    new RateService(
                        map.getData().get("host"),
                        8081,
                        SpiffeId.ofServiceAccount(TRUST_DOMAIN, "portcullis-system", STORE),
                        map.getData().get("secret")));
        case ConfigMap map when !map.getBinaryData().isEmpty() ->
            map.getBinaryData()
                .forEach(
                    (key, bytes) -> documents.put(map.getMetadata().getName() + "/" + key, bytes));
        case ConfigMap map when map.getData().containsKey("jwks.json") ->
            keySets.put(
                new KeySource(map.getData().get("url"), Optional.empty()),
                published(map.getData().get("jwks.json")));
        case Secret secret ->
            secret
                .getStringData()
                .forEach(
                    (key, text) -> files.put(secret.getMetadata().getName() + "/" + key, text));
        case ConfigMap map ->
            map.getData()
                .forEach(
                    (key, text) -> documents.put(map.getMetadata().getName() + "/" + key, text));
        default -> throw new IllegalArgumentException(folder + "/" + name + ": unknown kind");
      }
    }
    var calls = new HashMap<BackendKey, Neighbour>();
    rivals.forEach(other -> calls.put(key(other), new Neighbour(other, accounts(other, pods))));
    calls.keySet().retainAll(Neighbour.calledBy(policy));
    return new BackendView(
        policy,
        rivals,
        labels(policy, pods),
        mesh,
        calls,
        trusts(policy, files),
        keys(policy, files),
        keySets,
        document(policy, documents),
        descriptors(policy, documents),
        (int) selected(policy, pods).count());
  }

  private static List<VerificationKey> published(String text) {
    return YAML.unmarshal(text, JwksSpec.class).keys().stream()
        .flatMap(key -> KeyReader.published(key).stream())
        .toList();
  }

  private static Optional<OpenApiReading> document(
      ApiBackendPolicy policy, Map<String, String> documents) {
    return DocumentReferences.of(policy)
        .filter(file -> file.kind() == Kind.OPENAPI)
        .map(
            file ->
                Optional.ofNullable(documents.get(file.configMap() + "/" + file.key()))
                    .map(OpenApiReader::read)
                    .orElseGet(
                        () -> new OpenApiReading.Unreadable("", "It is not among the inputs.")));
  }

  private static Optional<DescriptorReading> descriptors(
      ApiBackendPolicy policy, Map<String, String> documents) {
    return DocumentReferences.of(policy)
        .filter(file -> file.kind() == Kind.DESCRIPTOR_SET)
        .map(
            file ->
                Optional.ofNullable(documents.get(file.configMap() + "/" + file.key()))
                    .map(DescriptorReader::read)
                    .orElseGet(
                        () -> new DescriptorReading.Unusable("It is not among the inputs.")));
  }

  private static BackendKey key(ApiBackendPolicy policy) {
    return new BackendKey(policy.getMetadata().getNamespace(), policy.getMetadata().getName());
  }

  private static Map<String, Map<String, String>> labels(ApiBackendPolicy policy, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> isBeside(policy, pod))
        .collect(
            Collectors.toMap(
                pod -> pod.getMetadata().getName(), pod -> pod.getMetadata().getLabels()));
  }

  private static Set<String> accounts(ApiBackendPolicy policy, List<Pod> pods) {
    return selected(policy, pods)
        .flatMap(pod -> Optional.ofNullable(pod.getSpec()).stream())
        .map(PodSpec::getServiceAccountName)
        .collect(Collectors.toSet());
  }

  private static Stream<Pod> selected(ApiBackendPolicy policy, List<Pod> pods) {
    return pods.stream()
        .filter(pod -> isBeside(policy, pod))
        .filter(pod -> PolicySelection.selects(policy, pod.getMetadata().getLabels()));
  }

  /** A pod without a namespace is in that of every policy. */
  private static boolean isBeside(ApiBackendPolicy policy, Pod pod) {
    var namespace = pod.getMetadata().getNamespace();
    return namespace == null || namespace.equals(policy.getMetadata().getNamespace());
  }

  private static Map<Trust.Source, Trust.Material> trusts(
      ApiBackendPolicy policy, Map<String, String> files) {
    return TrustReferences.of(policy).stream()
        .collect(Collectors.toMap(source -> source, source -> material(source, files)));
  }

  private static Map<String, ApiKeys.Found> keys(
      ApiBackendPolicy policy, Map<String, String> files) {
    return ApiKeyReferences.of(policy).stream()
        .collect(Collectors.toMap(name -> name, name -> keysIn(name, files)));
  }

  private static ApiKeys.Found keysIn(String secret, Map<String, String> files) {
    var entries = new HashMap<String, byte[]>();
    files.forEach(
        (place, text) -> {
          if (place.startsWith(secret + "/")) {
            entries.put(place.substring(secret.length() + 1), text.getBytes(UTF_8));
          }
        });
    return KeyFile.read("shop/" + secret, entries);
  }

  private static Trust.Material material(Trust.Source source, Map<String, String> files) {
    var wanted =
        Stream.concat(Stream.of(source.authorities()), source.revocations().stream())
            .map(Trust.File::toString)
            .toList();
    if (!files.keySet().containsAll(wanted)) {
      return new Trust.Material.Unusable("SecretMissing", "It is not among the inputs.");
    }
    return new Trust.Material.Usable(
        files.get(wanted.getFirst()),
        wanted.size() == 1
            ? new Trust.Revocation.Unchecked()
            : new Trust.Revocation.OfWholeChains(files.get(wanted.getLast())));
  }

  private BackendViews() {}
}
