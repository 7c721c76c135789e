package dev.portcullis.operator.identity;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
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

  private static final String ED25519 = "Ed25519";

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
    return newKey("EC", new ECGenParameterSpec(curve.jcaName));
  }

  /** A key of a type that the authority certifies. */
  KeyPair newKey(LeafKey type) {
    return switch (type) {
      case ECDSAP256 -> newKey(Curve.P256);
      case ECDSAP384 -> newKey(Curve.P384);
      case RSA3072 -> newKey("RSA", new RSAKeyGenParameterSpec(3072, RSAKeyGenParameterSpec.F4));
      case RSA4096 -> newKey("RSA", new RSAKeyGenParameterSpec(4096, RSAKeyGenParameterSpec.F4));
      case ED25519 -> newKey(ED25519, NamedParameterSpec.ED25519);
      case ECDSAP521 -> throw new IllegalArgumentException(type + " is not certified");
    };
  }

  private KeyPair newKey(String algorithm, AlgorithmParameterSpec parameters) {
    try {
      var provider = providerOf(algorithm);
      var generator =
          provider.isPresent()
              ? KeyPairGenerator.getInstance(algorithm, provider.get())
              : KeyPairGenerator.getInstance(algorithm);
      generator.initialize(parameters);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no " + algorithm + " key could be made by " + name(), e);
    }
  }

  KeyFactory keyFactory(String algorithm) throws GeneralSecurityException {
    var provider = providerOf(algorithm);
    return provider.isPresent()
        ? KeyFactory.getInstance(algorithm, provider.get())
        : KeyFactory.getInstance(algorithm);
  }

  Signature signature(SignatureScheme scheme) throws GeneralSecurityException {
    var provider = providerOf(scheme.jcaName());
    return provider.isPresent()
        ? Signature.getInstance(scheme.jcaName(), provider.get())
        : Signature.getInstance(scheme.jcaName());
  }

  /** The native one registers no key factory for Ed25519. */
  private Optional<Provider> providerOf(String algorithm) {
    return provider.filter(_ -> !algorithm.equals(ED25519));
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
