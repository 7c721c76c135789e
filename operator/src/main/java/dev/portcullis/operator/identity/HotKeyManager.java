package dev.portcullis.operator.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Offers the newest key to every handshake. The one before is kept too, for a handshake that had
 * chosen it when it was replaced.
 */
final class HotKeyManager extends X509ExtendedKeyManager {

  /** A key and its chain, under an alias of its own. */
  record Entry(String alias, PrivateKey key, List<X509Certificate> chain) {

    Entry(PrivateKey key, List<X509Certificate> chain) {
      this(chain.getFirst().getSerialNumber().toString(16), key, List.copyOf(chain));
    }
  }

  private static final int KEPT = 2;
  private volatile List<Entry> newestFirst = List.of();

  synchronized void offer(Entry entry) {
    var kept = newestFirst.stream().limit(KEPT - 1L).toList();
    newestFirst = kept.isEmpty() ? List.of(entry) : List.of(entry, kept.getFirst());
  }

  @Override
  public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
    return newestFor(keyType);
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return newestFor(keyType);
  }

  @Override
  public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
    return newestFor(keyTypes);
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return newestFor(keyTypes);
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return aliases(keyType);
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return aliases(keyType);
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return entry(alias).map(entry -> entry.chain.toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return entry(alias).map(Entry::key).orElse(null);
  }

  private Optional<Entry> entry(String alias) {
    return newestFirst.stream().filter(entry -> entry.alias.equals(alias)).findFirst();
  }

  private String[] aliases(String keyType) {
    var alias = newestFor(keyType);
    return alias == null ? null : new String[] {alias};
  }

  /** JSSE names elliptic keys {@code EC}, and {@code EC_EC} for some suites of TLS 1.2. */
  private String newestFor(String... keyTypes) {
    return Arrays.stream(keyTypes).anyMatch(type -> type.startsWith("EC"))
        ? newestFirst.stream().findFirst().map(Entry::alias).orElse(null)
        : null;
  }
}
