package dev.portcullis.operator.watch.clients;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.identity.LeafFiles;
import dev.portcullis.operator.names.Labels;
import dev.portcullis.operator.watch.report.ControllerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Base64;
import java.util.Optional;

/**
 * The Secrets of ApiClientCertificates. One is ours if its controller is the object that it is read
 * for; no other is ever written. Reads and writes by name, and needs no right to list or watch.
 */
final class ClientSecrets {

  static final String TYPE = "kubernetes.io/tls";
  static final String CHAIN = "tls.crt";
  static final String KEY = "tls.key";
  static final String ROOTS = "ca.crt";

  /** What is there under the name. */
  sealed interface Found {

    record None() implements Found {}

    /** Of somebody else; {@code reason} is a part of a sentence. */
    record Foreign(String reason) implements Found {}

    record Ours(Secret secret) implements Found {}
  }

  private final KubernetesClient client;

  ClientSecrets(KubernetesClient client) {
    this.client = client;
  }

  /** Read live. */
  Found read(ApiClientCertificate owner) {
    var secret =
        client
            .secrets()
            .inNamespace(owner.getMetadata().getNamespace())
            .withName(owner.getSpec().secretName())
            .get();
    if (secret == null) {
      return new Found.None();
    }
    if (!isOf(owner, secret)) {
      return new Found.Foreign("was not made for this object");
    }
    return TYPE.equals(secret.getType())
        ? new Found.Ours(secret)
        : new Found.Foreign("is of type " + secret.getType());
  }

  /** Fails with a conflict if there is one by now. */
  void create(ApiClientCertificate owner, LeafFiles files, String roots) {
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withName(owner.getSpec().secretName())
            .withNamespace(owner.getMetadata().getNamespace())
            .addToLabels(Labels.MANAGED_BY, Labels.MANAGED_BY_VALUE)
            .withOwnerReferences(ControllerReference.to(owner))
            .endMetadata()
            .withType(TYPE)
            .addToData(CHAIN, encoded(files.chain()))
            .addToData(KEY, encoded(files.key()))
            .addToData(ROOTS, encoded(roots))
            .build();
    client.resource(secret).create();
  }

  /**
   * Leaves other files alone; fails with a conflict if the Secret has changed since it was read,
   * and makes it anew if it has gone.
   */
  void replace(ApiClientCertificate owner, Secret secret, LeafFiles files, String roots) {
    var changed =
        new SecretBuilder(secret)
            .addToData(CHAIN, encoded(files.chain()))
            .addToData(KEY, encoded(files.key()))
            .addToData(ROOTS, encoded(roots))
            .build();
    try {
      client.resource(changed).update();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      create(owner, files, roots);
    }
  }

  static LeafFiles files(Secret secret) {
    return new LeafFiles(file(secret, CHAIN), file(secret, KEY));
  }

  static String roots(Secret secret) {
    return file(secret, ROOTS);
  }

  /** Empty if there is none. */
  private static String file(Secret secret, String name) {
    var content = Optional.ofNullable(secret.getData()).map(data -> data.get(name)).orElse("");
    return new String(Base64.getDecoder().decode(content), US_ASCII);
  }

  private static boolean isOf(ApiClientCertificate owner, Secret secret) {
    return secret.getMetadata().getOwnerReferences().stream()
        .filter(reference -> Boolean.TRUE.equals(reference.getController()))
        .anyMatch(reference -> owner.getMetadata().getUid().equals(reference.getUid()));
  }

  private static String encoded(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(US_ASCII));
  }
}
