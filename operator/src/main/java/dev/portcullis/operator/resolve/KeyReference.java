package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.AuthenticationSpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.JwksSpec;
import dev.portcullis.api.v1alpha1.JwtSpec;
import dev.portcullis.operator.intent.KeySource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place where a policy's issuer publishes its keys.
 *
 * @param issuer its index in {@code spec.authentication.jwt}
 * @param refresh how often it wants to be asked
 */
public record KeyReference(int issuer, KeySource source, Duration refresh) {

  private static final Pattern URL =
      Pattern.compile(
          "https://([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?[.])*[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
              + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
              + "(/([-A-Za-z0-9._~!$&()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?");

  private static final int LONGEST_URL = 512;
  private static final Pattern SECRET = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
  private static final Pattern FILE = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
  private static final Duration LEAST = Duration.ofSeconds(30);
  private static final Duration MOST = Duration.ofHours(24);

  /** Of a policy, whether it can be resolved or not; what could not be asked for is left out. */
  public static List<KeyReference> of(ApiBackendPolicy policy) {
    var found = new ArrayList<KeyReference>();
    var issuers =
        or(
            in(in(policy.getSpec(), ApiBackendPolicySpec::authentication), AuthenticationSpec::jwt),
            List.<JwtSpec>of());
    for (var index = 0; index < issuers.size(); index++) {
      var jwks = issuers.get(index).jwks();
      if (jwks != null && jwks.url() != null) {
        var problems = new Problems();
        var reference =
            read(index, jwks, policy.getMetadata().getNamespace(), new At("jwks", problems));
        reference.filter(_ -> problems.isEmpty()).ifPresent(found::add);
      }
    }
    return List.copyOf(found);
  }

  /** Empty if it leaves a problem behind; other problems it may leave too. */
  static Optional<KeySource> source(JwksSpec jwks, String namespace, At at) {
    return read(0, jwks, namespace, at).map(KeyReference::source);
  }

  private static Optional<KeyReference> read(int issuer, JwksSpec jwks, String namespace, At at) {
    if (jwks.url().length() > LONGEST_URL || !URL.matcher(jwks.url()).matches()) {
      at.field("url")
          .invalid("Write a URL with https and a host name; no address, no user, no fragment.");
      return Optional.empty();
    }
    return Optional.of(
        new KeyReference(
            issuer,
            new KeySource(jwks.url(), authority(jwks, namespace, at.field("caSecretRef"))),
            refresh(jwks, at.field("refreshInterval"))));
  }

  private static Optional<KeySource.Authority> authority(JwksSpec jwks, String namespace, At at) {
    var reference = jwks.caSecretRef();
    if (reference == null) {
      return Optional.empty();
    }
    var secret = or(reference.name(), "");
    var key = or(reference.key(), Defaults.CA_KEY);
    if (!SECRET.matcher(secret).matches() || !FILE.matcher(key).matches()) {
      at.invalid("Write the name of a Secret and of one of its keys.");
    }
    return Optional.of(new KeySource.Authority(namespace, secret, key));
  }

  private static Duration refresh(JwksSpec jwks, At at) {
    var interval = Amounts.duration(at, or(jwks.refreshInterval(), Defaults.KEYS_REFRESH));
    if (interval.compareTo(LEAST) < 0 || interval.compareTo(MOST) > 0) {
      at.invalid("Choose a duration from 30s to 24h.");
    }
    return interval;
  }
}
