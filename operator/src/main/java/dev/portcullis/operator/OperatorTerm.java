package dev.portcullis.operator;

import dev.portcullis.operator.watch.certificates.CertificateService;
import dev.portcullis.operator.watch.lead.Term;

/** All that a leader does: the CA first, because nothing can be measured without a certificate. */
record OperatorTerm(
    CertificateService certificates,
    Term trustMaps,
    Term caBundle,
    Term reports,
    Term keySets,
    Term clientCertificates)
    implements Term {

  @Override
  public void begin() {
    certificates.startLeading();
    trustMaps.begin();
    caBundle.begin();
    reports.begin();
    keySets.begin();
    clientCertificates.begin();
  }

  @Override
  public void end() {
    clientCertificates.end();
    keySets.end();
    reports.end();
    caBundle.end();
    trustMaps.end();
    certificates.stopLeading();
  }
}
