package dev.portcullis.operator.watch.clients;

import dev.portcullis.api.v1alpha1.ApiClientCertificate;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.certificates.CertificateSettings;
import dev.portcullis.operator.watch.certificates.Witness;
import dev.portcullis.operator.watch.lead.Term;
import dev.portcullis.operator.watch.time.Timepiece;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Keeps the Secrets of ApiClientCertificates while this replica leads. */
public final class ClientCertificates implements Term, Witness {

  /** How long a Secret that somebody changed stays so: Secrets are looked at, not watched. */
  public static final Duration PERIOD = Duration.ofSeconds(30);

  private static final Straggler UNREAD =
      new Straggler("ApiClientCertificates", "They were not read yet.");

  private final Parts parts;
  private final ClientMetrics metrics;
  private final SecretWitness witness;
  private volatile Optional<ClientLoop> loop = Optional.empty();

  /**
   * What it is made of; all of it lives as long as the operator.
   *
   * @param instance name of this replica, for Events
   * @param period from one look at everything to the next
   * @param leads whether this replica may write now
   */
  public record Parts(
      KubernetesClient client,
      MeterRegistry registry,
      String instance,
      CertificateService certificates,
      CertificateSettings settings,
      CryptoProvider crypto,
      Timepiece clock,
      Duration period,
      BooleanSupplier leads) {}

  public ClientCertificates(Parts parts) {
    this.parts = parts;
    this.metrics = new ClientMetrics(parts.registry(), parts.clock());
    this.witness = new SecretWitness(new ClientSecrets(parts.client()), parts.clock());
    parts.certificates().onChange(state -> loop.ifPresent(ClientLoop::lookAtAll));
  }

  @Override
  public synchronized void begin() {
    end();
    var begun = new ClientLoop(parts, metrics);
    loop = Optional.of(begun);
    begun.start();
  }

  /** A new root must be in every Secret before backends show a certificate of it. */
  @Override
  public List<Straggler> yetToAccept(Candidate candidate) {
    return objects()
        .map(objects -> witness.yetToAccept(objects, candidate))
        .orElse(List.of(UNREAD));
  }

  @Override
  public Map<Elder, List<Straggler>> stillHolding(Collection<Elder> elders) {
    return objects()
        .map(objects -> witness.stillHolding(objects, elders))
        .orElseGet(() -> elders.stream().collect(Collectors.toMap(e -> e, e -> List.of(UNREAD))));
  }

  private Optional<Collection<ApiClientCertificate>> objects() {
    return loop.flatMap(ClientLoop::objects);
  }

  @Override
  public synchronized void end() {
    loop.ifPresent(ClientLoop::close);
    loop = Optional.empty();
    metrics.forgetAll();
  }
}
