package dev.portcullis.operator.identity;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the JCA takes its algorithms from: the Amazon Corretto provider where its native library
 * loads, else what the JDK brings. Installs nothing globally.
 */
public final class CryptoProvider {

  /** Curves that the authority makes keys on. */
  public enum Curve {
    P256("secp256r1"),
    P384("secp384r1");

    private final String jcaName;

    Curve(String jcaName) {
      this.jcaName = jcaName;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(CryptoProvider.class);

  private final Optional<Provider> provider;

  private CryptoProvider(Optional<Provider> provider) {
    this.provider = provider;
  }

  /** The native provider if it works here, else the JDK's; said once in the log. */
  public static CryptoProvider fastest() {
    return Fastest.INSTANCE;
  }

  /** The JDK's own providers, in the order that the JVM is configured with. */
  public static CryptoProvider plainJdk() {
    return new CryptoProvider(Optional.empty());
  }

  /** The native provider, or empty with the reason in the log if it does not load. */
  public static Optional<CryptoProvider> corretto() {
    try {
      AmazonCorrettoCryptoProvider.INSTANCE.assertHealthy();
      return Optional.of(new CryptoProvider(Optional.of(AmazonCorrettoCryptoProvider.INSTANCE)));
    } catch (RuntimeException | LinkageError e) {
      LOG.info("the Amazon Corretto crypto provider does not load: {}", e.toString());
      return Optional.empty();
    }
  }

  /** Name for logs and measurements. */
  public String name() {
    return provider.map(Provider::getName).orElse("JDK");
  }

  KeyPair newKey(Curve curve) {
    try {
      var generator =
          provider.isPresent()
              ? KeyPairGenerator.getInstance("EC", provider.get())
              : KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve.jcaName));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no EC key could be made by " + name(), e);
    }
  }

  /** A key of a type that the authority certifies. */
  KeyPair newKey(LeafKey type) {
    return switch (type) {
      case ECDSAP256 -> newKey(Curve.P256);
      case ECDSAP384 -> newKey(Curve.P384);
      case RSA3072 -> newRsaKey(3072);
      case RSA4096 -> newRsaKey(4096);
      case ECDSAP521, ED25519 -> throw new IllegalArgumentException(type + " is not certified");
    };
  }

  private KeyPair newRsaKey(int bits) {
    try {
      var generator =
          provider.isPresent()
              ? KeyPairGenerator.getInstance("RSA", provider.get())
              : KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no RSA key could be made by " + name(), e);
    }
  }

  KeyFactory keyFactory(String algorithm) throws GeneralSecurityException {
    return provider.isPresent()
        ? KeyFactory.getInstance(algorithm, provider.get())
        : KeyFactory.getInstance(algorithm);
  }

  Signature signature(SignatureScheme scheme) throws GeneralSecurityException {
    return provider.isPresent()
        ? Signature.getInstance(scheme.jcaName(), provider.get())
        : Signature.getInstance(scheme.jcaName());
  }

  private static final class Fastest {
    static final CryptoProvider INSTANCE = choose();

    private static CryptoProvider choose() {
      var chosen = corretto().orElseGet(CryptoProvider::plainJdk);
      LOG.info("certificates are signed by crypto provider {}", chosen.name());
      return chosen;
    }
  }
}
