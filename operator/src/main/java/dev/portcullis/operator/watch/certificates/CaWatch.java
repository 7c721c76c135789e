package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.TrustBundle;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the CA's Secret and the published bundle on every replica. Remembers the roots that it
 * has once found ready: from then on it accepts those, and what a rotation made of them, until the
 * process starts anew.
 */
final class CaWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CaWatch.class);

  private final CaAssessor assessor;
  private final PublishedBundle published;
  private final SharedIndexInformer<Secret> secrets;
  private final SharedIndexInformer<GenericKubernetesResource> bundles;
  private final List<Consumer<CaState>> listeners = new CopyOnWriteArrayList<>();
  private volatile CaState state = new CaState.Unread();
  private volatile Optional<CertificateAuthority> lastReady = Optional.empty();

  CaWatch(CaStore store, PublishedBundle published, CaAssessor assessor) {
    this.assessor = assessor;
    this.published = published;
    this.secrets = store.resource().runnableInformer(0);
    this.bundles = published.resource().runnableInformer(0);
    secrets.addEventHandler(new OnChange<>(this::assess));
    bundles.addEventHandler(new OnChange<>(this::assess));
  }

  /** Called with the state whenever the Secret or the bundle has changed, on a watch's thread. */
  void onChange(Consumer<CaState> listener) {
    listeners.add(listener);
  }

  void forget(Consumer<CaState> listener) {
    listeners.remove(listener);
  }

  void start() {
    Informers.startForEver(bundles, this::assess);
    Informers.startForEver(secrets, this::assess);
  }

  CaState state() {
    return state;
  }

  /** The roots that peers should trust, also while the CA is out of order; empty if unknown. */
  Optional<TrustBundle> trusted() {
    return lastReady.map(CertificateAuthority::trustBundle);
  }

  /** The newest authority that was ready, whether or not it still is. */
  Optional<CertificateAuthority> lastAuthority() {
    return lastReady;
  }

  Optional<GenericKubernetesResource> publishedBundle() {
    return bundles.getStore().list().stream().findFirst();
  }

  /** The roots that are published; empty if there is no such object. */
  Optional<TrustBundle> publishedRoots() {
    return publishedBundle().map(published::rootsOf);
  }

  /** Where the roots are published, for people. */
  String publishedAs() {
    return published.title();
  }

  boolean isWatching() {
    return secrets.isWatching() && bundles.isWatching();
  }

  private synchronized void assess() {
    if (!secrets.hasSynced() || !bundles.hasSynced()) {
      return;
    }
    var found =
        assessor.assess(
            secrets.getStore().list().stream().findFirst(),
            new CaAssessor.Known(trusted(), publishedRoots()));
    lastReady = found.authority().or(() -> lastReady);
    if (!found.message().equals(state.message())) {
      LOG.info("{}", found.message());
    }
    state = found;
    listeners.forEach(listener -> listener.accept(found));
  }

  @Override
  public void close() {
    secrets.close();
    bundles.close();
  }
}
