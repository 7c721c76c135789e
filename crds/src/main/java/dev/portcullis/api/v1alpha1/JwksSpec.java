package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** A JSON Web Key Set (RFC 7517), or where it is published: public keys for signatures. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
    value = "has(self.keys) != has(self.url)",
    message = "Give either keys or url, not both.")
@ValidationRule(
    value = "has(self.url) || (!has(self.caSecretRef) && !has(self.refreshInterval))",
    message = "Give caSecretRef and refreshInterval with url only: they say how it is asked.")
public record JwksSpec(
    @Size(min = 1, max = 16)
        @JsonPropertyDescription(
            "The keys, with the members of RFC 7517, as the issuer publishes them: from 1 to 16."
                + " Public keys for signatures only; leave out keys for encryption, certificates"
                + " (x5c, x5t) and whatever is not named below. To rotate, add the new key, and"
                + " remove the old one when its last token has expired; neither cuts a connection.")
        List<Key> keys,
    @Size(max = Rules.KEYS_URL_LENGTH)
        @ValidationRule(value = Rules.KEYS_URL, message = Rules.KEYS_URL_TEXT)
        @JsonPropertyDescription(
            "Where the issuer publishes its keys, such as"
                + " https://login.example.com/.well-known/jwks.json; at most 512 characters. The"
                + " operator asks there, the pods do not, and only hosts that the installation"
                + " allows. Until it has had a first answer nobody is let in by this issuer, and"
                + " the condition ResolvedRefs says why. Later the last good keys count until"
                + " there are new ones; the condition Stale tells when they are not.")
        String url,
    @JsonPropertyDescription(
            "The Secret with the CAs that vouch for the host of url, in the policy's namespace. The"
                + " operator must be granted it by name. No other CA counts then. Default: the CAs"
                + " that the operator's Java runtime knows.")
        TrustSpec.CaSecretRef caSecretRef,
    @Size(max = Rules.DURATION_LENGTH)
        @ValidationRule(value = Rules.FROM_30S_TO_24H, message = Rules.FROM_30S_TO_24H_TEXT)
        @JsonPropertyDescription(
            "How often url is asked, from 30s to 24h, give or take a tenth: so long a new key may go"
                + " unknown and a withdrawn one may count. Where policies share a url the shortest"
                + " counts. Default: 5m.")
        String refreshInterval) {

  /** One public key. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @ValidationRule(
      value =
          "self.kty != 'RSA' || (has(self.n) && has(self.e) && !has(self.crv) && !has(self.x) &&"
              + " !has(self.y))",
      message = "Give an RSA key n and e, and neither crv, x nor y.")
  @ValidationRule(
      value =
          "self.kty != 'EC' || (has(self.crv) && self.crv != 'Ed25519' && has(self.x) &&"
              + " has(self.y) && !has(self.n) && !has(self.e))",
      message = "Give an EC key crv P-256, P-384 or P-521, x and y, and neither n nor e.")
  @ValidationRule(
      value =
          "self.kty != 'OKP' || (has(self.crv) && self.crv == 'Ed25519' && has(self.x) &&"
              + " !has(self.y) && !has(self.n) && !has(self.e))",
      message = "Give an OKP key crv Ed25519 and x, and neither y, n nor e.")
  @ValidationRule(
      value =
          "!has(self.alg) || (self.kty == 'RSA' && self.alg.matches('^[RP]S')) || (self.kty == 'OKP'"
              + " && self.alg == 'EdDSA') || (self.kty == 'EC' && has(self.crv) && ((self.crv =="
              + " 'P-256' && self.alg == 'ES256') || (self.crv == 'P-384' && self.alg == 'ES384')"
              + " || (self.crv == 'P-521' && self.alg == 'ES512')))",
      fieldPath = ".alg",
      message =
          "Write an algorithm of this key: RS* or PS* for RSA, ES256 for P-256, ES384 for P-384,"
              + " ES512 for P-521, EdDSA for Ed25519.")
  public record Key(
      @Required
          @JsonPropertyDescription(
              "Type of the key: RSA, EC or OKP. Secrets shared with the issuer (oct) are refused:"
                  + " whoever can check such a token can make one.")
          Type kty,
      @Size(min = 1, max = 256)
          @ValidationRule(value = Rules.PRINTABLE, message = Rules.PRINTABLE_TEXT)
          @JsonPropertyDescription(
              "Name of the key, by which tokens choose it; at most 256 characters. Without it the key"
                  + " is tried for tokens that name none.")
          String kid,
      @JsonPropertyDescription(
              "The one algorithm that the key signs with. Default: any of its type, none of them"
                  + " symmetric.")
          Algorithm alg,
      @JsonPropertyDescription("What the key is for: sig. Default: sig.") Use use,
      @JsonPropertyDescription("Curve of an EC or OKP key: P-256, P-384, P-521 or Ed25519.")
          Curve crv,
      @Size(min = 1, max = 88)
          @ValidationRule(value = Rules.BASE64URL, message = Rules.BASE64URL_TEXT)
          @JsonPropertyDescription("Coordinate x of an EC key, or the whole OKP key, in base64url.")
          String x,
      @Size(min = 1, max = 88)
          @ValidationRule(value = Rules.BASE64URL, message = Rules.BASE64URL_TEXT)
          @JsonPropertyDescription("Coordinate y of an EC key, in base64url.")
          String y,
      @Size(min = 342, max = 1368)
          @ValidationRule(value = Rules.BASE64URL, message = Rules.BASE64URL_TEXT)
          @JsonPropertyDescription("Modulus of an RSA key of 2048 to 8192 bits, in base64url.")
          String n,
      @Size(min = 1, max = 8)
          @ValidationRule(value = Rules.BASE64URL, message = Rules.BASE64URL_TEXT)
          @JsonPropertyDescription("Exponent of an RSA key, in base64url, such as AQAB.")
          String e) {}

  /** Types of keys. */
  public enum Type {
    RSA,
    EC,
    OKP
  }

  /** Uses of keys. */
  public enum Use {
    sig
  }

  /** Algorithms of signatures. */
  public enum Algorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    ES512,
    EdDSA
  }

  /** Curves. */
  public enum Curve {
    @JsonProperty("P-256")
    P_256,
    @JsonProperty("P-384")
    P_384,
    @JsonProperty("P-521")
    P_521,
    Ed25519
  }

  public JwksSpec {
    keys = Absent.toEmpty(keys);
  }
}
