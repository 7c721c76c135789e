package dev.portcullis.operator.golden;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.resolve.BackendView;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads the inputs of a folder of the suite {@code translation}: {@code in-policy.yaml} is the
 * policy; every other policy is a rival, every pod a pod of the namespace.
 */
public final class BackendViews {

  public static final String POLICY = "in-policy.yaml";

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

  /** Fails on a document that is neither a policy nor a pod. */
  public static BackendView of(GoldenFolder folder) {
    var rivals = new ArrayList<ApiBackendPolicy>();
    Map<String, Map<String, String>> pods = new TreeMap<>();
    for (var name : folder.inputs()) {
      switch (YAML.<HasMetadata>unmarshal(folder.read(name))) {
        case ApiBackendPolicy rival when !name.equals(POLICY) -> rivals.add(rival);
        case ApiBackendPolicy _ -> {}
        case Pod pod -> pods.put(pod.getMetadata().getName(), pod.getMetadata().getLabels());
        default -> throw new IllegalArgumentException(folder + "/" + name + ": unknown kind");
      }
    }
    var policy = YAML.unmarshal(folder.read(POLICY), ApiBackendPolicy.class);
    return new BackendView(policy, rivals, pods, MESH);
  }

  private BackendViews() {}
}
