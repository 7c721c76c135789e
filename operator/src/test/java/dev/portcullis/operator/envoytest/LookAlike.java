package dev.portcullis.operator.envoytest;

import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * A certificate that resembles the right one. Whoever checks identities must refuse every one of
 * them, and admit the right one.
 *
 * @param what it is, as a test's name
 * @param caught by what, at the latest
 */
public record LookAlike(String what, Caught caught, Credential credential) {

  /** What must stop it. */
  public enum Caught {
    /** It proves nothing, or nothing of this trust domain. */
    IN_THE_HANDSHAKE,
    /** It proves somebody, but not the one. */
    BY_ITS_NAME
  }

  /** All of them, for one name of an authority. */
  public static Stream<LookAlike> of(String uri, TestPki ours) {
    return Stream.of(names(uri, ours), severalNames(uri, ours), proofs(uri, ours), times(uri, ours))
        .flatMap(each -> each);
  }

  private static Stream<LookAlike> names(String uri, TestPki ours) {
    var account = uri.substring(uri.lastIndexOf('/') + 1);
    var parent = uri.substring(0, uri.length() - account.length());
    var path = uri.substring(uri.indexOf('/', "spiffe://".length()));
    var domain = uri.substring("spiffe://".length(), uri.length() - path.length());
    return Stream.concat(
        Stream.of(
                List.of("a letter more", uri + "2"),
                List.of("a letter less", uri.substring(0, uri.length() - 1)),
                List.of("a capital letter", parent + capital(account)),
                List.of("a slash behind", uri + "/"),
                List.of("a segment behind", uri + "/x"),
                List.of("a segment before", "spiffe://" + domain + "/x" + path),
                List.of("an empty segment", parent + "/" + account),
                List.of("an empty first segment", "spiffe://" + domain + "/" + path),
                List.of("a dot segment", parent + "./" + account),
                List.of("a segment and back", parent + "x/../" + account),
                List.of("a dot for a letter", parent + "." + account.substring(1)),
                List.of("an escaped letter", parent + escaped(account)),
                List.of("an escaped slash", uri.replace("/sa/", "%2Fsa/")),
                List.of("a query", uri + "?a=b"),
                List.of("a fragment", uri + "#f"),
                List.of("a blank behind", uri + " "),
                List.of("a comma and another name", uri + ",spiffe://" + domain + "/ns/x/sa/y"),
                List.of("a NUL behind", uri + "\0.evil"),
                List.of("another namespace", "spiffe://" + domain + "/ns/other/sa/" + account),
                List.of("the name within a name", "spiffe://" + domain + "/" + uri))
            .map(each -> named(each, Caught.BY_ITS_NAME, ours)),
        Stream.of(
                List.of("a longer trust domain", "spiffe://" + domain + ".evil" + path),
                List.of("a shorter trust domain", "spiffe://" + domain.substring(1) + path),
                List.of("no trust domain", "spiffe://" + path),
                List.of("the trust domain in capitals", "spiffe://" + capitals(domain) + path),
                List.of("a NUL in the trust domain", "spiffe://" + domain + "\0.evil" + path),
                List.of("a port", "spiffe://" + domain + ":443" + path),
                List.of("the trust domain as a user", "spiffe://" + domain + "@evil" + path),
                List.of("the scheme in capitals", "SPIFFE://" + domain + path),
                List.of("another scheme", "https://" + domain + path),
                List.of("a blank before", " " + uri))
            .map(each -> named(each, Caught.IN_THE_HANDSHAKE, ours)));
  }

  private static Stream<LookAlike> severalNames(String uri, TestPki ours) {
    var other = uri + "-other";
    return Stream.of(
        shaped("another name behind", ours, LeafShape.of(uri, other)),
        shaped("another name before", ours, LeafShape.of(other, uri)),
        shaped("the name twice", ours, LeafShape.of(uri, uri)),
        shaped("a web address behind", ours, LeafShape.of(uri, "https://elsewhere.example/")));
  }

  private static LookAlike shaped(String what, TestPki ours, LeafShape shape) {
    return new LookAlike(what, Caught.BY_ITS_NAME, ours.issue(shape));
  }

  private static LookAlike named(List<String> whatAndUri, Caught caught, TestPki ours) {
    return new LookAlike(whatAndUri.getFirst(), caught, ours.issue(whatAndUri.getLast()));
  }

  private static Stream<LookAlike> proofs(String uri, TestPki ours) {
    var right = LeafShape.of(uri);
    var honest = ours.issue(right);
    var neighbour = ours.issue(uri + "-neighbour");
    return Stream.of(
        proof("another authority of the same names", TestPki.create().issue(right)),
        proof("signed by itself", TestPki.selfSigned(right)),
        proof("signed by another leaf", TestPki.issueBelow(neighbour, right)),
        proof("signed by the right leaf", TestPki.issueBelow(honest, right)),
        proof("without its issuer", new Credential(honest.key(), honest.chain().subList(0, 1))),
        proof("without its key", new Credential(neighbour.key(), honest.chain())),
        proof("the issuing authority itself", ours.issuing()),
        proof("for code", ours.issue(right.withPurposes(KeyPurposeId.id_kp_codeSigning))),
        proof("the name as the common one", ours.issue(LeafShape.named(uri, List.of()))),
        proof("the name as a DNS name", ours.issue(with(GeneralName.dNSName, uri))),
        proof("the name as a mail address", ours.issue(with(GeneralName.rfc822Name, uri))),
        proof("no name", ours.issue(LeafShape.named("leaf", List.of()))));
  }

  private static Stream<LookAlike> times(String uri, TestPki ours) {
    var now = Instant.now();
    var right = LeafShape.of(uri);
    var hour = Duration.ofHours(1);
    return Stream.of(
        proof("expired", ours.issue(right.valid(now.minus(hour), now.minusSeconds(5)))),
        proof("not yet valid", ours.issue(right.valid(now.plusSeconds(600), now.plus(hour)))));
  }

  private static LookAlike proof(String what, Credential credential) {
    return new LookAlike(what, Caught.IN_THE_HANDSHAKE, credential);
  }

  private static LeafShape with(int kind, String name) {
    return LeafShape.named("leaf", List.of(new GeneralName(kind, new DERIA5String(name))));
  }

  private static String capital(String text) {
    return capitals(text.substring(0, 1)) + text.substring(1);
  }

  private static String capitals(String text) {
    return text.toUpperCase(java.util.Locale.ROOT);
  }

  private static String escaped(String text) {
    return "%%%02x%s".formatted((int) text.charAt(0), text.substring(1));
  }

  @Override
  public String toString() {
    return what;
  }
}
