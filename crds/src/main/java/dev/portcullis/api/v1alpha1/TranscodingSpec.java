package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** How JSON requests become gRPC calls, and their answers JSON. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TranscodingSpec(
    @Required
        @JsonPropertyDescription(
            "The ConfigMap of the policy's namespace that holds the descriptor set. The operator"
                + " must be granted it, by name. An edit of it counts at once and cuts no"
                + " connection; a set that cannot be used leaves the last good configuration in"
                + " force.")
        ConfigMapRef configMapRef,
    @Size(max = 32)
        @ValidationRule(
            value =
                "self.all(s, s.matches('^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$'))",
            message = "Write full names of services, such as shop.v1.Orders.")
        @JsonPropertyDescription(
            "Full names of the services that take JSON, such as shop.v1.Orders: at most 32, each of"
                + " which must have a method with an option google.api.http. Default: all services"
                + " of the set that have one. The others are reached by gRPC alone.")
        List<@Size(max = 256) String> services,
    @Default(Defaults.RESPONSE_BODY)
        @Size(max = Rules.BYTES_LENGTH)
        @ValidationRule(
            value =
                "self.matches('^[0-9]{1,10}(Ki|Mi|k|M)?$')"
                    + " && quantity(self).compareTo(quantity('1Ki')) >= 0"
                    + " && quantity(self).compareTo(quantity('64Mi')) <= 0",
            message = "Write a number of bytes from 1Ki to 64Mi, such as 512Ki or 4Mi.")
        @JsonPropertyDescription(
            "The largest message of an answer that is turned into JSON, from 1Ki to 64Mi; a larger"
                + " one is answered with 500. The sidecar holds each message as a whole while it"
                + " turns it. Default: 4Mi.")
        String responseBody,
    @Default(Defaults.FIELD_NAMES)
        @JsonPropertyDescription(
            "How fields are called in answers. LowerCamel: as JSON has it, giftWrapped. AsWritten:"
                + " as in the .proto file, gift_wrapped. Requests may use either. Default:"
                + " LowerCamel.")
        FieldNames fieldNames,
    @Default(Defaults.UNSET_FIELDS)
        @JsonPropertyDescription(
            "What becomes of fields of an answer that have their default value, such as 0 or an"
                + " empty text. Omit: they are left out. Print: they are told. Default: Omit.")
        UnsetFields unsetFields) {

  public TranscodingSpec {
    services = Absent.toEmpty(services);
  }

  /** Names of fields in answers. */
  public enum FieldNames {
    LowerCamel,
    AsWritten
  }

  /** Fields with their default value in answers. */
  public enum UnsetFields {
    Omit,
    Print
  }

  /** One key of a ConfigMap. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ConfigMapRef(
      @Required
          @Size(min = 1, max = 253)
          @ValidationRule(
              value = "self.matches('^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$')",
              message = "Write the name of a ConfigMap.")
          @JsonPropertyDescription("Name of the ConfigMap.")
          String name,
      @Default(Defaults.DESCRIPTORS_KEY)
          @Size(min = 1, max = 253)
          @ValidationRule(
              value = "self.matches('^[-._a-zA-Z0-9]+$')",
              message = "Write a key of the ConfigMap: letters, digits, '-', '_' and '.'.")
          @JsonPropertyDescription(
              "The key under binaryData that holds the set, as protoc writes it with"
                  + " --include_imports and --descriptor_set_out. Default: descriptors.pb.")
          String key) {}
}
