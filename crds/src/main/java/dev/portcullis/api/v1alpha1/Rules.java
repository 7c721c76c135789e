package dev.portcullis.api.v1alpha1;

/**
 * CEL rules that several fields share, each with its sentence. They run in the API server, so every
 * size they range over is bounded in the schema.
 */
final class Rules {

  static final int NAME_LENGTH = 63;
  static final String NAME = "self.matches(r'^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')";
  static final String NAME_TEXT =
      "Write a name of lower-case letters, digits and '-' that begins and ends with a letter or"
          + " digit.";

  static final int DNS_LENGTH = 253;
  static final String SUBDOMAIN = "self.matches(r'^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$')";
  static final String SUBDOMAIN_TEXT =
      "Write the name of a service account: lower-case letters, digits, '-' and '.'.";

  static final String POLICY_TEXT =
      "Write the name of a policy: lower-case letters, digits, '-' and '.'.";

  static final String SECRET_TEXT =
      "Write the name of a Secret: lower-case letters, digits, '-' and '.'.";
  static final String FILE = "self.matches(r'^[-._a-zA-Z0-9]+$')";
  static final String FILE_TEXT = "Write a key of a Secret: letters, digits, '-', '_' and '.'.";
  static final String UNCHANGED = "self == oldSelf";
  static final String SECRET_UNCHANGED_TEXT =
      "Leave secretName as it is: delete this object, and with it its Secret, and make another.";

  static final int DURATION_LENGTH = 24;
  private static final String DURATION = ".matches(r'^([0-9]{1,5}(h|m|s|ms)){1,4}$')";
  private static final String IS_DURATION = "self" + DURATION;
  static final String FROM_50MS_TO_1H =
      IS_DURATION + " && duration(self) >= duration('50ms') && duration(self) <= duration('1h')";
  static final String FROM_50MS_TO_1H_TEXT =
      "Write a duration from 50ms to 1h, such as 500ms or 5s.";
  static final String FROM_1MS_TO_24H =
      IS_DURATION + " && duration(self) >= duration('1ms') && duration(self) <= duration('24h')";
  static final String FROM_1MS_TO_24H_TEXT =
      "Write a duration from 1ms to 24h, such as 500ms, 15s or 1m30s.";
  static final String FROM_1S_TO_24H =
      IS_DURATION + " && duration(self) >= duration('1s') && duration(self) <= duration('24h')";
  static final String FROM_1S_TO_24H_TEXT = "Write a duration from 1s to 24h, such as 60s or 10m.";
  static final String FROM_30S_TO_24H =
      IS_DURATION + " && duration(self) >= duration('30s') && duration(self) <= duration('24h')";
  static final String FROM_30S_TO_24H_TEXT = "Write a duration from 30s to 24h, such as 5m or 1h.";

  static final String WHOLE_SECONDS_TO_1H =
      "self.matches(r'^([0-9]{1,2}h)?([0-9]{1,3}m)?([0-9]{1,5}s)?$') && self != '' &&"
          + " duration(self) >= duration('1s') && duration(self) <= duration('1h')";
  static final String WHOLE_SECONDS_TO_1H_TEXT =
      "Write a duration from 1s to 1h in whole seconds, such as 5s, 90s or 1m30s.";

  static final String FROM_1H_TO_168H =
      IS_DURATION + " && duration(self) >= duration('1h') && duration(self) <= duration('168h')";
  static final String FROM_1H_TO_168H_TEXT = "Write a duration from 1h to 168h, such as 8h or 24h.";

  /** Ends the name of a duration: it is none, and its own rule already says so. */
  static final String UNREADABLE = DURATION + " == false || ";

  static final int BYTES_LENGTH = 12;
  private static final String IS_BYTES = "self.matches(r'^[0-9]{1,10}(Ki|Mi|Gi|k|M|G)?$')";
  static final String FROM_1_TO_10GI =
      IS_BYTES
          + " && quantity(self).compareTo(quantity('1')) >= 0"
          + " && quantity(self).compareTo(quantity('10Gi')) <= 0";
  static final String FROM_1_TO_10GI_TEXT =
      "Write a number of bytes from 1 to 10Gi, such as 512, 64Ki or 2Mi.";
  static final String FROM_1KI_TO_1MI =
      "self.matches(r'^[0-9]{1,7}(Ki|Mi)$')"
          + " && quantity(self).compareTo(quantity('1Ki')) >= 0"
          + " && quantity(self).compareTo(quantity('1Mi')) <= 0";
  static final String FROM_1KI_TO_1MI_TEXT =
      "Write a size from 1Ki to 1Mi in whole Ki, such as 32Ki: the proxy counts headers in KiB.";

  static final int SHARE_LENGTH = 8;
  static final String SHARE = "self.matches(r'^(100|[0-9]{1,2}([.][0-9]{1,4})?)%$')";
  static final String SHARE_TEXT =
      "Write a share from 0% to 100% with at most four decimals, such as 1% or 0.05%.";

  static final String NETWORKS = "self.all(c, isCIDR(c) && cidr(c).masked() == cidr(c))";
  static final String NETWORKS_TEXT =
      "Write networks such as 203.0.113.0/24 or 2001:db8::/32, with no bit set behind the prefix;"
          + " a single address ends with /32 or /128.";

  static final String PORT_FREE = "self != 15006 && self != 15021 && self != 15090";
  static final String PORT_FREE_TEXT =
      "Choose another port: the sidecar uses 15006, 15021 and 15090 itself.";

  static final int PATH_LENGTH = 512;
  private static final String SEGMENT = "[A-Za-z0-9._~!$&'()+,:@=-]+";
  private static final String NO_DOTS = " && !self.matches(r'/[.]{1,2}(/|$)')";
  static final String PLAIN_PATH = "self.matches(r\"^(/|(/" + SEGMENT + ")+/?)$\")" + NO_DOTS;
  static final String TEMPLATE_PATH =
      "self.matches(r\"^(/(" + SEGMENT + "|[{][A-Za-z][A-Za-z0-9_]{0,15}[}]))+$\")" + NO_DOTS;
  static final String PLAIN_PATH_TEXT =
      "Write the path as the application sees it: from '/', without empty, '.' or '..' segments,"
          + " escapes, queries or fragments.";
  static final String TEMPLATE_PATH_TEXT =
      "Write segments such as '/orders/{id}': plain text or one variable each, whose name has at"
          + " most 16 letters, digits or '_', and no trailing '/'.";
  static final String TEMPLATE_VARIABLES = "self.matches('^([^{]*[{]){0,5}[^{]*$')";
  static final String TEMPLATE_VARIABLES_TEXT = "Use at most 5 variables in a template.";
  static final String PATH_FREE =
      "self != '/.well-known/portcullis' && !self.startsWith('/.well-known/portcullis/')";
  static final String PATH_FREE_TEXT =
      "Choose another path: /.well-known/portcullis belongs to the gate.";

  static final String HEADER_NAMED = "self.matches('^[A-Za-z0-9][A-Za-z0-9-]{0,127}$')";
  static final String HEADER_KEPT =
      "!self.matches('(?i)^(host|connection|te|trailer|transfer-encoding|content-length|upgrade"
          + "|keep-alive|proxy-.*|x-envoy-.*|x-forwarded-.*|x-portcullis-.*|forwarded|client-ip"
          + "|true-client-ip|x-client-ip|x-cluster-client-ip|x-real-ip|x-http-method"
          + "|x-http-method-override|x-method-override|x-original-host|x-original-url"
          + "|x-rewrite-url)$')";
  static final String HEADER_KEPT_TEXT =
      "Choose another header: this one belongs to the gate, or is cut off on entry.";
  static final String HEADERS_NAMED = "self.all(n, n.matches('^[A-Za-z0-9][A-Za-z0-9-]{0,127}$'))";
  static final String HEADERS_NAMED_TEXT =
      "Write header names of letters, digits and '-', at most 128 characters long.";
  static final String GATE_HEADERS =
      "host|connection|te|trailer|transfer-encoding|content-length"
          + "|upgrade|keep-alive|proxy-.*|x-envoy-.*|x-forwarded-client-cert|x-portcullis-.*";
  static final String HEADERS_FREE = "!self.exists(n, n.matches('(?i)^(" + GATE_HEADERS + ")$'))";
  static final String HEADERS_FREE_TEXT =
      "Leave out host, connection, te, trailer, transfer-encoding, content-length, upgrade,"
          + " keep-alive, proxy-*, x-envoy-*, x-forwarded-client-cert and x-portcullis-*: they"
          + " belong to the gate.";
  static final String HEADER_FREE = "!self.matches('(?i)^(" + GATE_HEADERS + ")$')";
  static final String NO_PROOF = "!self.matches('(?i)^(authorization|cookie)$')";
  static final String NO_PROOF_TEXT =
      "Leave authorization and cookie alone: applications take them for proofs.";
  static final String VALUES_PRINTABLE = "self.all(n, v, v.matches('^[!-~]([ -~]*[!-~])?$'))";
  static final String VALUES_PRINTABLE_TEXT =
      "Write values of printable ASCII characters that neither begin nor end with a space.";
  static final int HEADERS = 32;
  static final int HEADER_NAME_LENGTH = 128;
  static final int HEADER_VALUE_LENGTH = 2048;

  /** Of a client in a Secret. */
  static final String CLIENTS_NAMED =
      "self.all(c, c == '*' || c.matches('^[A-Za-z0-9]([-._A-Za-z0-9]{0,61}[A-Za-z0-9])?$'))";

  static final String CLIENTS_NAMED_TEXT =
      "Write names of clients as the Secrets have them, of at most 63 letters, digits and any of"
          + " '-._', or '*' for all.";

  static final int ISSUER_LENGTH = 256;
  static final String PRINTABLE = "self.matches('^[!-~]+$')";
  static final String PRINTABLE_TEXT = "Write printable ASCII characters without spaces.";
  static final int KEYS_URL_LENGTH = 512;

  /** A name whose last label begins with a letter is no address in any of its spellings. */
  static final String KEYS_URL =
      "self.matches(r'^https://([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?[.])*[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
          + "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
          + "(/([-A-Za-z0-9._~!$&()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?$')";

  static final String KEYS_URL_TEXT =
      "Write a URL such as https://login.example.com/keys: https, a host name in lower case and no"
          + " address, no user, no fragment.";
  static final String BASE64URL = "self.matches('^[A-Za-z0-9_-]+$')";
  static final String BASE64URL_TEXT = "Write base64url without padding, as RFC 7518 asks.";
  static final int CLAIM_LENGTH = 259;
  static final String CLAIM_NAMED =
      "self.matches('^[A-Za-z0-9_-]{1,64}([.][A-Za-z0-9_-]{1,64}){0,3}$')";
  static final String CLAIMS_NAMED =
      "self.all(c, c.matches('^[A-Za-z0-9_-]{1,64}([.][A-Za-z0-9_-]{1,64}){0,3}$'))";
  static final String CLAIMS_NAMED_TEXT =
      "Write names of claims with letters, digits, '-' and '_', or up to four of them joined by"
          + " dots that lead from a claim into what it holds.";

  private Rules() {}
}
