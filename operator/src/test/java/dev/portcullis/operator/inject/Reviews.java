package dev.portcullis.operator.inject;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.utils.Serialization;

/** What the API server sends, and what it reads of the answers. */
final class Reviews {

  static final String ORDERS =
      """
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"generateName": "orders-", "labels": {"app": "orders"}},
       "spec": {"containers": [{"name": "app", "image": "shop/orders", "env": [], "ports": null,
         "resources": {"requests": {"cpu": "0.50"}},
         "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8080}}}]}}
      """;

  private Reviews() {}

  static String of(String object) {
    return of("CREATE", object);
  }

  static String of(String operation, String object) {
    return """
    {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
     "request": {"uid": "8d1b5e0e-1", "namespace": "shop", "operation": "%s",
       "kind": {"group": "", "version": "v1", "kind": "Pod"},
       "resource": {"group": "", "version": "v1", "resource": "pods"},
       "userInfo": {"username": "replicaset-controller"}, "dryRun": false,
       "object": %s, "oldObject": null, "options": null}}
    """
        .formatted(operation, object);
  }

  static AdmissionReview read(String answer) {
    return Serialization.unmarshal(answer, AdmissionReview.class);
  }

  static Pod pod(String json) {
    return Serialization.unmarshal(json, Pod.class);
  }
}
