package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.TrustSpec;
import dev.portcullis.operator.intent.Outside;
import dev.portcullis.operator.intent.SubjectName;
import dev.portcullis.operator.intent.SubjectName.Type;
import dev.portcullis.operator.intent.Trust;
import dev.portcullis.operator.intent.Trust.Material;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code spec.callers[].trust}. */
record TrustReader(Map<Trust.Source, Material> found) {

  private static final Pattern SECRET = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");
  private static final Pattern HOST = Pattern.compile("[a-z0-9]([-.a-z0-9]*[a-z0-9])?");
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]{1,512}");

  private static final Material UNREAD =
      new Material.Unusable("SecretUnread", "Its Secrets were not read yet.");

  Outside read(TrustSpec trust, String trustDomain, At at) {
    var source = sourceOf(trust);
    requireFile(source.authorities(), at.field("caSecretRef"));
    source.revocations().ifPresent(file -> requireFile(file, at.field("crlSecretRef")));
    if (trust.subjectAltNames().isEmpty()) {
      at.field("subjectAltNames").invalid("Name at least one.");
    }
    for (var index = 0; index < trust.subjectAltNames().size(); index++) {
      requireName(
          trust.subjectAltNames().get(index), trustDomain, at.field("subjectAltNames").item(index));
    }
    if (!trust.serverNames().stream().allMatch(name -> HOST.matcher(name).matches())) {
      at.field("serverNames").invalid("Write host names in lower case, no wildcard.");
    }
    return new Outside(
        new Trust(
            source,
            trust.serverNames().stream().sorted().toList(),
            found.getOrDefault(source, UNREAD)),
        trust.subjectAltNames().stream().map(TrustReader::nameOf).distinct().toList());
  }

  static Trust.Source sourceOf(TrustSpec trust) {
    var authorities = trust.caSecretRef();
    return new Trust.Source(
        authorities == null
            ? new Trust.File("", "")
            : new Trust.File(or(authorities.name(), ""), or(authorities.key(), Defaults.CA_KEY)),
        Optional.ofNullable(trust.crlSecretRef())
            .map(list -> new Trust.File(or(list.name(), ""), or(list.key(), Defaults.CRL_KEY))));
  }

  private static void requireFile(Trust.File file, At at) {
    if (!SECRET.matcher(file.secret()).matches()) {
      at.field("name").invalid("Write the name of a Secret.");
    }
  }

  /** An identity of ours is proved by our CA alone, and told to the application as such. */
  private static void requireName(TrustSpec.SubjectAltName name, String trustDomain, At at) {
    if (name.type() == null || name.value() == null) {
      at.invalid("Give a type and a value.");
    } else if (!PRINTABLE.matcher(name.value()).matches() || name.value().contains("*")) {
      at.field("value").invalid("Write one whole name of printable characters, no wildcard.");
    } else if (name.value().startsWith("spiffe://" + trustDomain + "/")) {
      at.field("value")
          .invalid(
              "Name identities of the trust domain %s under identities: another CA cannot prove"
                  + " them.",
              trustDomain);
    }
  }

  private static SubjectName nameOf(TrustSpec.SubjectAltName name) {
    var type =
        switch (or(name.type(), TrustSpec.Type.DNS)) {
          case DNS -> Type.DNS;
          case URI -> Type.URI;
          case Email -> Type.EMAIL;
          case IP -> Type.IP;
        };
    return new SubjectName(type, or(name.value(), ""));
  }
}
