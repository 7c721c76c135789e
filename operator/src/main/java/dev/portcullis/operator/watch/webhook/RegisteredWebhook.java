package dev.portcullis.operator.watch.webhook;

import dev.portcullis.operator.names.Names;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MutatingWebhookConfiguration at the API server, watched. */
final class RegisteredWebhook implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RegisteredWebhook.class);
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Names.FIELD_MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final SharedIndexInformer<MutatingWebhookConfiguration> informer;

  /**
   * @param listener called after every change; must not block
   */
  RegisteredWebhook(KubernetesClient client, String name, Runnable listener) {
    this.client = client;
    this.informer =
        client
            .admissionRegistration()
            .v1()
            .mutatingWebhookConfigurations()
            .withName(name)
            .runnableInformer(0);
    informer.addEventHandler(new Changes(listener));
    informer.exceptionHandler(
        (started, failure) -> {
          LOG.warn("The watch of {} failed and is tried again: {}", name, failure.getMessage());
          return true;
        });
  }

  void start() {
    informer.start();
  }

  /** Whether {@link #find} speaks of the cluster already. */
  boolean hasSynced() {
    return informer.hasSynced();
  }

  Optional<MutatingWebhookConfiguration> find() {
    return informer.getStore().list().stream().findFirst();
  }

  void apply(MutatingWebhookConfiguration partial) {
    client.resource(partial).patch(APPLY);
  }

  @Override
  public void close() {
    informer.close();
  }

  private record Changes(Runnable listener)
      implements ResourceEventHandler<MutatingWebhookConfiguration> {

    @Override
    public void onAdd(MutatingWebhookConfiguration added) {
      listener.run();
    }

    @Override
    public void onUpdate(MutatingWebhookConfiguration before, MutatingWebhookConfiguration after) {
      listener.run();
    }

    @Override
    public void onDelete(MutatingWebhookConfiguration deleted, boolean finalStateUnknown) {
      listener.run();
    }
  }
}
