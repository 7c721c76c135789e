package dev.portcullis.operator.watch.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.api.v1alpha1.ApiClientCertificateSpec;
import dev.portcullis.api.v1alpha1.KeyType;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.identity.LeafFiles;
import dev.portcullis.operator.watch.clients.ClientSecrets.Found;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What others do to a Secret between its being read and its being written. */
class ClientSecretsRaceIT {

  private static final LeafFiles OLD = new LeafFiles("old chain", "old key");
  private static final LeafFiles NEW = new LeafFiles("new chain", "new key");

  private final KubernetesClient admin = ApiServer.admin();
  private final String namespace = ApiServer.namespace(admin, "race").getMetadata().getName();
  private final ClientSecrets secrets = new ClientSecrets(admin);
  private final ApiClientCertificate owner = owner();

  @AfterEach
  void close() {
    admin.close();
  }

  private ApiClientCertificate owner() {
    var object = new ApiClientCertificate();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(namespace)
            .withName("edge")
            .withUid(UUID.randomUUID().toString())
            .build());
    object.setSpec(new ApiClientCertificateSpec("edge", "edge", KeyType.ECDSAP256, null));
    return object;
  }

  private Secret written() {
    secrets.create(owner, OLD, "roots");
    return ours();
  }

  private Secret ours() {
    assertThat(secrets.read(owner)).isInstanceOf(Found.Ours.class);
    return ((Found.Ours) secrets.read(owner)).secret();
  }

  @Test
  void oneThatHasGoneIsMadeAnew() {
    // Given
    var read = written();
    admin.resource(read).delete();
    // When
    secrets.replace(owner, read, NEW, "roots");
    // Then
    assertThat(ClientSecrets.files(ours())).isEqualTo(NEW);
  }

  @Test
  void oneThatHasChangedIsLeftAsItIs() {
    // Given
    var read = written();
    admin.resource(new SecretBuilder(read).addToData("more", "bW9yZQ==").build()).update();
    // When, Then
    assertThatThrownBy(() -> secrets.replace(owner, read, NEW, "roots"))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    assertThat(ClientSecrets.files(ours())).isEqualTo(OLD);
  }
}
