package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/** Rules for headers: removed first, then set, then added. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HeadersSpec(Request request, Response response) {

  /** Rules for the request on its way to the application. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Request(List<String> remove, Map<String, String> set, Map<String, String> add) {
    public Request {
      remove = Absent.toEmpty(remove);
      set = Absent.toEmpty(set);
      add = Absent.toEmpty(add);
    }
  }

  /** Rules for every response, the gate's own replies included. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  public record Response(
      Boolean hardened, List<String> remove, Map<String, String> set, Map<String, String> add) {
    public Response {
      remove = Absent.toEmpty(remove);
      set = Absent.toEmpty(set);
      add = Absent.toEmpty(add);
    }
  }
}
