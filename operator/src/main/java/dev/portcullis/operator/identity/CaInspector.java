package dev.portcullis.operator.identity;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Tells whether the files of a Secret, which anyone may have edited, are a sound authority. */
public final class CaInspector {

  private static final int KEY_CERT_SIGN = 5;

  private static final List<Check> ROOT_CHECKS =
      List.of(
          new Check("root.crt is not a CA certificate", ca -> isCa(ca.root().certificate())),
          new Check(
              "root.crt does not allow an issuing CA below it",
              ca -> ca.root().certificate().getBasicConstraints() >= 1),
          new Check("root.crt has not signed itself", ca -> signed(ca.root(), ca.root())),
          new Check("root.key is not the key of root.crt", ca -> belongs(ca.root())));

  private static final List<Check> ISSUING_CHECKS =
      List.of(
          new Check("issuing.crt is not a CA certificate", ca -> isCa(ca.issuing().certificate())),
          new Check("issuing.crt is not signed by root.crt", ca -> signed(ca.root(), ca.issuing())),
          new Check("issuing.key is not the key of issuing.crt", ca -> belongs(ca.issuing())));

  private CaInspector() {}

  /** Inspects files named as in {@link CaMaterial}. */
  public static CaInspection inspect(Map<String, byte[]> content) {
    var files = new CaFiles(content);
    try {
      var root = files.root();
      var problem = firstProblem(ROOT_CHECKS, new CaMaterial(root, root));
      if (problem.isPresent()) {
        return new CaInspection.Unsound(problem.get());
      }
      return files.haveIssuing()
          ? complete(new CaMaterial(root, files.issuing()))
          : new CaInspection.RootOnly(root);
    } catch (CaFiles.DamagedFile e) {
      return new CaInspection.Unsound(e.getMessage());
    }
  }

  private static CaInspection complete(CaMaterial material) {
    return firstProblem(ISSUING_CHECKS, material)
        .<CaInspection>map(CaInspection.Unsound::new)
        .orElseGet(() -> new CaInspection.Sound(material));
  }

  private static Optional<String> firstProblem(List<Check> checks, CaMaterial material) {
    return checks.stream()
        .filter(check -> !check.holds.test(material))
        .map(Check::otherwise)
        .findFirst();
  }

  private static boolean isCa(X509Certificate certificate) {
    var usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0 && usage != null && usage[KEY_CERT_SIGN];
  }

  private static boolean signed(SigningPair issuer, SigningPair subject) {
    var certificate = subject.certificate();
    var parent = issuer.certificate();
    try {
      certificate.verify(parent.getPublicKey());
      return certificate.getIssuerX500Principal().equals(parent.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Signs something with the key and verifies it by the certificate. */
  private static boolean belongs(SigningPair pair) {
    var challenge = challenge();
    var key = pair.certificate().getPublicKey();
    try {
      var signature = CryptoProvider.plainJdk().signature(SignatureScheme.forIssuer(key));
      signature.initSign(pair.key());
      signature.update(challenge);
      var signed = signature.sign();
      signature.initVerify(key);
      signature.update(challenge);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte[] challenge() {
    var bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  /** A property that must hold, and the sentence for when it does not. */
  private record Check(String otherwise, Predicate<CaMaterial> holds) {}
}
