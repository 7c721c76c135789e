package dev.portcullis.operator.xds;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.identity.CaMint;
import dev.portcullis.operator.identity.CertificateAuthority;
import dev.portcullis.operator.identity.CryptoProvider;
import dev.portcullis.operator.identity.FreshKey;
import dev.portcullis.operator.identity.Issuance;
import dev.portcullis.operator.identity.LeafFiles;
import dev.portcullis.operator.identity.LeafKey;
import dev.portcullis.operator.identity.LeafOrder;
import dev.portcullis.operator.identity.TrustDomain;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Real keys and certificates, for pods that are said to need them; another one on demand. */
final class IssuedSecrets implements PeerSecrets {

  private static final TrustDomain DOMAIN = new TrustDomain("test");

  final AtomicInteger issued = new AtomicInteger();
  private final CertificateAuthority authority =
      new CertificateAuthority(
          new CaMint(DOMAIN, CryptoProvider.plainJdk()).newAuthority(Instant.now()),
          DOMAIN,
          CryptoProvider.plainJdk());
  private final Map<String, Integer> wanted = new ConcurrentHashMap<>();

  /** From now on the pod needs a secret, another one than it has. */
  void renew(String pod) {
    wanted.merge(pod, 1, Integer::sum);
  }

  String root() {
    return authority.trustBundle().pem();
  }

  /** Files of a caller. */
  LeafFiles files(String serviceAccount) {
    var key = FreshKey.of(LeafKey.ECDSAP256, CryptoProvider.plainJdk());
    var order =
        new LeafOrder(
            key.certifiable(),
            DOMAIN.serviceAccount("shop", serviceAccount),
            List.of(),
            Duration.ofHours(1),
            Instant.now());
    return key.with(((Issuance.Issued) authority.issue(order)).leaf());
  }

  @Override
  public boolean isDue(Peer peer, String name, String held) {
    return wanted.containsKey(peer.pod()) && !held.equals(version(peer, name));
  }

  @Override
  public Optional<PeerSecret> next(Peer peer, String name, String held) {
    if (!isDue(peer, name, held)) {
      return Optional.empty();
    }
    issued.incrementAndGet();
    var secret = Secret.newBuilder();
    if (name.equals(EnvoyNames.TRUST_SECRET)) {
      secret.setValidationContext(
          CertificateValidationContext.newBuilder().setTrustedCa(inline(root())));
    } else {
      var files = files(peer.serviceAccount());
      secret.setTlsCertificate(
          TlsCertificate.newBuilder()
              .setCertificateChain(inline(files.chain()))
              .setPrivateKey(inline(files.key())));
    }
    return Optional.of(new PeerSecret(version(peer, name), secret.build()));
  }

  private String version(Peer peer, String name) {
    return name.equals(EnvoyNames.TRUST_SECRET)
        ? "roots"
        : peer.pod() + "-" + wanted.get(peer.pod());
  }

  private static DataSource inline(String text) {
    return DataSource.newBuilder().setInlineString(text).build();
  }
}
