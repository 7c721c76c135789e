package dev.portcullis.operator.identity;

import dev.portcullis.operator.identity.OutsideInspection.Fault;
import dev.portcullis.operator.identity.OutsideInspection.Faulty;
import dev.portcullis.operator.identity.OutsideInspection.Reach;
import dev.portcullis.operator.identity.OutsideInspection.Sound;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at the CAs that callers from outside come from, and at their CRLs: refuses what a proxy
 * would take and mean something else by.
 */
public final class OutsideInspector {

  private static final String KEY_IDENTIFIER = "2.5.29.14";

  private final Instant now;

  private OutsideInspector(Instant now) {
    this.now = now;
  }

  /**
   * The first fault that is found, or what can be used.
   *
   * @param authorities certificates in PEM
   * @param lists CRLs in PEM, or one in DER; empty where revocation is not asked about
   */
  public static OutsideInspection inspect(byte[] authorities, Optional<byte[]> lists, Instant now) {
    try {
      return new OutsideInspector(now).inspect(authorities, lists);
    } catch (OutsideFault e) {
      return new Faulty(e.fault(), e.getMessage());
    }
  }

  private OutsideInspection inspect(byte[] authorities, Optional<byte[]> lists)
      throws OutsideFault {
    var all = OutsideFiles.authorities(new String(authorities, StandardCharsets.UTF_8));
    var valid = all.stream().filter(this::isValid).toList();
    if (valid.isEmpty()) {
      throw new OutsideFault(Fault.CaExpired, "holds no CA that is valid now: " + validity(all));
    }
    requireTellable(valid);
    return lists.isEmpty()
        ? new Sound(pem(valid), "", Reach.NONE, boundary(all).orElse(Instant.MAX))
        : withLists(all, valid, OutsideFiles.lists(lists.get()));
  }

  /** Of two issuers of one name a proxy takes the first, if no key identifier says which. */
  private static void requireTellable(List<X509Certificate> authorities) throws OutsideFault {
    for (var one : authorities) {
      for (var other : authorities) {
        if (!one.getPublicKey().equals(other.getPublicKey())
            && one.getSubjectX500Principal().equals(other.getSubjectX500Principal())
            && one.getExtensionValue(KEY_IDENTIFIER) == null) {
          throw new OutsideFault(
              Fault.CaInvalid,
              "holds two CAs named '%s', and no key identifier that tells them apart"
                  .formatted(one.getSubjectX500Principal().getName()));
        }
      }
    }
  }

  private Sound withLists(
      List<X509Certificate> all, List<X509Certificate> valid, List<X509CRL> lists)
      throws OutsideFault {
    var used = new ArrayList<X509CRL>();
    for (var list : lists) {
      requireSigned(list, all);
    }
    for (var authority : valid) {
      used.add(current(authority, lists));
    }
    var until =
        Stream.concat(
                boundary(all).stream(), used.stream().map(list -> list.getNextUpdate().toInstant()))
            .min(Instant::compareTo)
            .orElseThrow();
    var text = used.stream().map(OutsideFiles::pem).distinct().collect(Collectors.joining());
    return new Sound(pem(valid), text, reach(valid), until);
  }

  private static void requireSigned(X509CRL list, List<X509Certificate> all) throws OutsideFault {
    if (all.stream().noneMatch(authority -> OutsideFiles.isOf(authority, list))) {
      throw new OutsideFault(
          Fault.CrlInvalid,
          "holds a CRL of '%s' that none of the given CAs has signed"
              .formatted(list.getIssuerX500Principal().getName()));
    }
  }

  /** The newest of this CA. */
  private X509CRL current(X509Certificate authority, List<X509CRL> lists) throws OutsideFault {
    var name = authority.getSubjectX500Principal().getName();
    var newest =
        lists.stream()
            .filter(list -> OutsideFiles.isOf(authority, list))
            .max((one, two) -> one.getThisUpdate().compareTo(two.getThisUpdate()))
            .orElseThrow(
                () -> new OutsideFault(Fault.CrlMissing, "holds no CRL of CA '" + name + "'"));
    if (newest.getNextUpdate() == null) {
      throw new OutsideFault(Fault.CrlInvalid, "holds a CRL of '" + name + "' without an end");
    }
    if (newest.getThisUpdate().toInstant().isAfter(now)) {
      throw new OutsideFault(
          Fault.CrlInvalid,
          "holds a CRL of '%s' that is not valid before %s"
              .formatted(name, newest.getThisUpdate().toInstant()));
    }
    if (!newest.getNextUpdate().toInstant().isAfter(now)) {
      throw new OutsideFault(
          Fault.CrlExpired,
          "holds a CRL of '%s' that should have been replaced by %s"
              .formatted(name, newest.getNextUpdate().toInstant()));
    }
    return newest;
  }

  /**
   * A proxy that checks whole chains asks for the CRL of every issuer, that of the top included.
   */
  private static Reach reach(List<X509Certificate> authorities) {
    return authorities.stream()
            .allMatch(one -> authorities.stream().anyMatch(other -> CaInspector.signed(other, one)))
        ? Reach.WHOLE_CHAINS
        : Reach.LEAVES;
  }

  private boolean isValid(X509Certificate authority) {
    return !now.isBefore(authority.getNotBefore().toInstant())
        && now.isBefore(authority.getNotAfter().toInstant());
  }

  /** When the next of these begins or ceases to be valid. */
  private Optional<Instant> boundary(List<X509Certificate> authorities) {
    return authorities.stream()
        .flatMap(each -> Stream.of(each.getNotBefore(), each.getNotAfter()))
        .map(java.util.Date::toInstant)
        .filter(now::isBefore)
        .min(Instant::compareTo);
  }

  private static String validity(List<X509Certificate> authorities) {
    return authorities.stream()
        .map(
            each ->
                "'%s' from %s to %s"
                    .formatted(
                        each.getSubjectX500Principal().getName(),
                        each.getNotBefore().toInstant(),
                        each.getNotAfter().toInstant()))
        .collect(Collectors.joining(", "));
  }

  private static String pem(List<X509Certificate> authorities) {
    return authorities.stream().map(OutsideFiles::pem).distinct().collect(Collectors.joining());
  }
}
