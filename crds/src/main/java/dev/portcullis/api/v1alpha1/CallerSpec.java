package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/** Who may call: from a place in the network AND with one of these identities. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CallerSpec(
    String name, From from, List<ServiceAccount> serviceAccounts, List<String> identities) {

  /** Pods by label, or addresses. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record From(
      LabelSelector namespaceSelector,
      LabelSelector podSelector,
      List<String> cidrs,
      List<String> except) {
    public From {
      cidrs = Absent.toEmpty(cidrs);
      except = Absent.toEmpty(except);
    }
  }

  /** A service account whose pods' certificates name the caller. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record ServiceAccount(String namespace, String name) {}

  public CallerSpec {
    serviceAccounts = Absent.toEmpty(serviceAccounts);
    identities = Absent.toEmpty(identities);
  }
}
