package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.ServerCredentials;
import dev.portcullis.operator.identity.rotation.Elder;
import dev.portcullis.operator.identity.rotation.Straggler;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Knows of others whether they have followed a rotation: by asking them, never by what was sent to
 * them. Called by the leader, on one thread, and may block.
 */
public interface Witness {

  /**
   * The CA that shall sign next.
   *
   * @param credentials the operator's own identity, certified by it: whoever accepts these accepts
   *     all that it will sign
   */
  record Candidate(X509Certificate root, X509Certificate issuer, ServerCredentials credentials) {}

  /** Who has not proved that it accepts certificates of the candidate. */
  List<Straggler> yetToAccept(Candidate candidate);

  /**
   * Who may still show a certificate of each of these CAs, which were replaced; one that is not in
   * the answer is held by nobody. Everybody is asked once, however many CAs there are.
   */
  Map<Elder, List<Straggler>> stillHolding(Collection<Elder> elders);
}
