package dev.portcullis.operator.watch.certificates;

import dev.portcullis.operator.identity.CertifiableKey;

/** Whether a pod may have the certificate that was asked for in its name. */
sealed interface Verdict {

  /** It may, for this key. */
  record Approved(CertifiableKey key) implements Verdict {}

  /** It never may: the request can be neither repaired nor changed. */
  record Denied(String reason, String message) implements Verdict {}
}
