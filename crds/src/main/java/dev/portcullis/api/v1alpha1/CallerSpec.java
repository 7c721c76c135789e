package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Who may call: from a place in the network AND with one of these identities. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(value = ListTypes.class, input = "identities")
@ValidationRule(
    value =
        "(has(self.serviceAccounts) && size(self.serviceAccounts) > 0) ||"
            + " (has(self.identities) && size(self.identities) > 0) || has(self.trust)",
    message =
        "Name at least one of serviceAccounts or identities, or give trust: on a cluster that"
            + " ignores NetworkPolicies the identity alone tells callers apart.")
@ValidationRule(
    value =
        "!has(self.trust) || !((has(self.serviceAccounts) && size(self.serviceAccounts) > 0) ||"
            + " (has(self.identities) && size(self.identities) > 0))",
    fieldPath = ".trust",
    message =
        "Give either trust, or serviceAccounts and identities: a certificate comes from another CA"
            + " or from this installation's.")
@ValidationRule(
    value =
        "!has(self.trust) || (has(self.from) ? has(self.from.cidrs) && size(self.from.cidrs) > 0 :"
            + " has(self.trust.serverNames) && size(self.trust.serverNames) > 0)",
    fieldPath = ".trust",
    message =
        "Name the caller's networks in from.cidrs, or trust.serverNames without 'from': before the"
            + " handshake the gate must know whose CA to ask.")
@ValidationRule(
    value =
        "!has(self.trust) || (has(self.trust.serverNames) && size(self.trust.serverNames) > 0) ||"
            + " !has(self.from) || !has(self.from.cidrs) || self.from.cidrs.all(c, !isCIDR(c) ||"
            + " cidr(c).prefixLength() > 0)",
    fieldPath = ".trust",
    message =
        "Give trust.serverNames, or narrower networks in from.cidrs: with every address for this"
            + " caller none would be left for the others.")
public record CallerSpec(
    @Required
        @Size(min = 1, max = Rules.NAME_LENGTH)
        @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
        @JsonPropertyDescription(
            "Name of the caller, unique in the policy, at most 63 characters. Routes refer to it;"
                + " the access log tells it.")
        String name,
    @JsonPropertyDescription(
            "The place in the network that the caller calls from. Without it every place is"
                + " admitted, and the identity alone decides.")
        From from,
    @Size(max = 32)
        @JsonPropertyDescription(
            "Service accounts whose pods are this caller: at most 32. The caller's certificate must"
                + " name one of them.")
        List<ServiceAccount> serviceAccounts,
    @Size(max = 32)
        @ValidationRule(
            value =
                "self.all(i, i.matches(r'^spiffe://[a-z0-9._-]{1,255}(/[A-Za-z0-9._-]+)+$') &&"
                    + " !i.matches(r'/[.]{1,2}(/|$)'))",
            message = "Write SPIFFE ids such as spiffe://cluster.local/ns/ingress/sa/edge.")
        @JsonPropertyDescription(
            "SPIFFE ids that are this caller, of the installation's own trust domain: at most 32."
                + " The caller's certificate must carry one of them, compared as a whole.")
        List<@Size(max = 512) String> identities,
    @JsonPropertyDescription(
            "Makes this a caller from outside: its certificate comes from another CA than this"
                + " installation's. Instead of serviceAccounts and identities.")
        TrustSpec trust) {

  /** Pods by label, or addresses. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @SchemaCustomizer(value = ListTypes.class, input = "cidrs except")
  @ValidationRule(
      value =
          "(has(self.namespaceSelector) || has(self.podSelector)) != (has(self.cidrs) &&"
              + " size(self.cidrs) > 0)",
      message =
          "Name either namespaceSelector and podSelector, or cidrs; remove 'from' to admit every"
              + " place.")
  @ValidationRule(
      value =
          "!has(self.except) || self.except.all(e, isCIDR(e) && has(self.cidrs) &&"
              + " self.cidrs.exists(c, isCIDR(c) && cidr(c).containsCIDR(e) &&"
              + " cidr(c).prefixLength() < cidr(e).prefixLength()))",
      fieldPath = ".except",
      message = "Except only CIDRs that lie inside one of cidrs and are smaller than it.")
  public record From(
      @JsonPropertyDescription(
              "Namespaces of the calling pods, by label. An empty selector means every namespace."
                  + " Without podSelector every pod of those namespaces is meant.")
          LabelSelector namespaceSelector,
      @JsonPropertyDescription(
              "The calling pods, by label. Without namespaceSelector pods of the policy's own"
                  + " namespace are meant.")
          LabelSelector podSelector,
      @Size(max = 64)
          @ValidationRule(
              value = "self.all(c, isCIDR(c) && cidr(c).masked() == cidr(c))",
              message =
                  "Write networks such as 203.0.113.0/24 or 2001:db8::/32, with no bit set behind"
                      + " the prefix.")
          @JsonPropertyDescription(
              "Networks that the caller calls from, IPv4 or IPv6, in CIDR notation: at most 64. The"
                  + " address is that of the connection, not one from a header.")
          List<@Size(max = 43) String> cidrs,
      @Size(max = 32)
          @ValidationRule(
              value = "self.all(c, isCIDR(c) && cidr(c).masked() == cidr(c))",
              message =
                  "Write networks such as 203.0.113.0/28 or 2001:db8:1::/48, with no bit set behind"
                      + " the prefix.")
          @JsonPropertyDescription(
              "Networks inside cidrs that the caller does not call from: at most 32. Each must lie"
                  + " inside one of cidrs and be smaller than it.")
          List<@Size(max = 43) String> except) {
    public From {
      cidrs = Absent.toEmpty(cidrs);
      except = Absent.toEmpty(except);
    }
  }

  /** A service account whose pods' certificates name the caller. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ServiceAccount(
      @Size(min = 1, max = Rules.NAME_LENGTH)
          @ValidationRule(value = Rules.NAME, message = Rules.NAME_TEXT)
          @JsonPropertyDescription(
              "Namespace of the service account. Default: the policy's own namespace.")
          String namespace,
      @Required
          @Size(min = 1, max = Rules.DNS_LENGTH)
          @ValidationRule(value = Rules.SUBDOMAIN, message = Rules.SUBDOMAIN_TEXT)
          @JsonPropertyDescription("Name of the service account.")
          String name) {}

  public CallerSpec {
    serviceAccounts = Absent.toEmpty(serviceAccounts);
    identities = Absent.toEmpty(identities);
  }
}
