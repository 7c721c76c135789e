package dev.portcullis.operator.watch.peers;

import dev.portcullis.operator.names.Names;
import dev.portcullis.operator.xds.Peer;
import dev.portcullis.operator.xds.PeerAuthenticator;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;

/**
 * Asks the API server (TokenReview) who a token belongs to, once per stream.
 *
 * <p>Nothing is cached: a stream is opened once and ends with its token, so a cache would only
 * serve tokens that were revoked meanwhile.
 */
public final class TokenReviewAuthenticator implements PeerAuthenticator {

  static final String POD_NAME = "authentication.kubernetes.io/pod-name";
  static final String POD_UID = "authentication.kubernetes.io/pod-uid";

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private final KubernetesClient client;

  /** The client's own timeouts bound every answer. */
  public TokenReviewAuthenticator(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Verdict authenticate(String bearerToken) {
    try {
      return judge(client.resource(question(bearerToken)).create(), bearerToken);
    } catch (KubernetesClientException failure) {
      return new Verdict.Unavailable("no answer to a token review: " + failure.getMessage());
    }
  }

  private static TokenReview question(String token) {
    return new TokenReviewBuilder()
        .withNewMetadata()
        .endMetadata()
        .withNewSpec()
        .withToken(token)
        .withAudiences(Names.XDS_AUDIENCE)
        .endSpec()
        .build();
  }

  private static Verdict judge(TokenReview review, String token) {
    var status = review.getStatus();
    if (status == null) {
      return new Verdict.Unavailable("a token review came back without a status");
    }
    if (!Boolean.TRUE.equals(status.getAuthenticated())) {
      return new Verdict.Refused("the API server does not know the token: " + status.getError());
    }
    if (!hasOurAudience(status)) {
      return new Verdict.Refused("the token is for another audience: " + status.getAudiences());
    }
    return podOf(status.getUser())
        .map(pod -> withExpiry(pod, token))
        .orElseGet(() -> new Verdict.Refused("the token is not bound to a pod"));
  }

  private static boolean hasOurAudience(TokenReviewStatus status) {
    return status.getAudiences() != null && status.getAudiences().contains(Names.XDS_AUDIENCE);
  }

  private static Verdict withExpiry(Peer pod, String token) {
    return TokenExpiry.of(token)
        .<Verdict>map(expiry -> new Verdict.Authenticated(pod, expiry))
        .orElseGet(() -> new Verdict.Refused("the token does not say when it expires"));
  }

  private static Optional<Peer> podOf(UserInfo user) {
    if (user == null || user.getUsername() == null || user.getExtra() == null) {
      return Optional.empty();
    }
    var names = user.getUsername().split(":", -1);
    if (!user.getUsername().startsWith(SERVICE_ACCOUNT) || names.length != 4) {
      return Optional.empty();
    }
    return only(user.getExtra().get(POD_NAME))
        .flatMap(
            pod ->
                only(user.getExtra().get(POD_UID))
                    .map(uid -> new Peer(names[2], pod, uid, names[3])));
  }

  private static Optional<String> only(List<String> values) {
    return values != null && values.size() == 1 && !values.getFirst().isBlank()
        ? Optional.of(values.getFirst())
        : Optional.empty();
  }
}
