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

  private static final List<Check<Root>> ROOT_CHECKS =
      List.of(
          new Check<>("root.crt is not a CA certificate", root -> isCa(root.certificate())),
          new Check<>(
              "root.crt does not allow an issuing CA below it",
              root -> root.certificate().getBasicConstraints() >= 1),
          new Check<>(
              "root.crt has not signed itself",
              root -> signed(root.certificate(), root.certificate())),
          new Check<>(
              "root.key is not the key of root.crt",
              root -> root.pair().map(CaInspector::belongs).orElse(true)));

  private static final List<Check<CaMaterial>> ISSUING_CHECKS =
      List.of(
          new Check<>(
              "issuing.crt is not a CA certificate", ca -> isCa(ca.issuing().certificate())),
          new Check<>(
              "issuing.crt is not signed by root.crt",
              ca -> signed(ca.root().certificate(), ca.issuing().certificate())),
          new Check<>("issuing.key is not the key of issuing.crt", ca -> belongs(ca.issuing())));

  private CaInspector() {}

  /** Inspects files named as in {@link CaMaterial}. */
  public static CaInspection inspect(Map<String, byte[]> content) {
    var files = new CaFiles(content);
    try {
      var root = files.root();
      var problem = firstProblem(ROOT_CHECKS, root);
      if (problem.isPresent()) {
        return new CaInspection.Unsound(problem.get());
      }
      return files.haveIssuing()
          ? complete(new CaMaterial(root, files.issuing()))
          : root.pair()
              .<CaInspection>map(CaInspection.RootOnly::new)
              .orElseGet(() -> new CaInspection.Unsound("issuing.crt is missing or empty"));
    } catch (CaFiles.DamagedFile e) {
      return new CaInspection.Unsound(e.getMessage());
    }
  }

  private static CaInspection complete(CaMaterial material) {
    return firstProblem(ISSUING_CHECKS, material)
        .<CaInspection>map(CaInspection.Unsound::new)
        .orElseGet(() -> new CaInspection.Sound(material));
  }

  private static <T> Optional<String> firstProblem(List<Check<T>> checks, T subject) {
    return checks.stream()
        .filter(check -> !check.holds.test(subject))
        .map(Check::otherwise)
        .findFirst();
  }

  static boolean isCa(X509Certificate certificate) {
    var usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0 && usage != null && usage[KEY_CERT_SIGN];
  }

  static boolean signed(X509Certificate parent, X509Certificate certificate) {
    try {
      certificate.verify(parent.getPublicKey());
      return certificate.getIssuerX500Principal().equals(parent.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Signs something with the key and verifies it by the certificate. */
  static boolean belongs(SigningPair pair) {
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
  private record Check<T>(String otherwise, Predicate<T> holds) {}
}
