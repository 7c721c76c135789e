package dev.portcullis.operator.inject;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionRequest;
import io.fabric8.kubernetes.api.model.admission.v1.AdmissionReview;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.util.List;

/** Bytes -> AdmissionReview and back. Takes what the API server sends, and nothing else. */
final class AdmissionReader {

  /** A request that the API server would not send; the message goes back to who sent it. */
  static final class Malformed extends Exception {

    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  private static final String VERSION = "admission.k8s.io/v1";

  /** Pods nest about twenty deep. */
  private static final int DEEPEST = 100;

  private final ObjectMapper mapper = mapper();

  /** With a request about the creation of a pod that has metadata and a spec. */
  AdmissionReview read(byte[] body) throws Malformed {
    var review = parse(body);
    if (review == null || !VERSION.equals(review.getApiVersion()) || review.getRequest() == null) {
      throw new Malformed("Not an AdmissionReview of " + VERSION + " with a request.");
    }
    check(review.getRequest());
    return review;
  }

  byte[] write(AdmissionReview review) {
    try {
      return mapper.writeValueAsBytes(review);
    } catch (IOException e) {
      throw new IllegalStateException("a review cannot be written", e);
    }
  }

  private static void check(AdmissionRequest request) throws Malformed {
    if (request.getUid() == null || request.getNamespace() == null) {
      throw new Malformed("The request has no uid or no namespace.");
    }
    if (!"CREATE".equals(request.getOperation())) {
      throw new Malformed("Only pods that are being created can be injected.");
    }
    boolean isPod =
        request.getObject() instanceof Pod pod
            && pod.getMetadata() != null
            && pod.getSpec() != null;
    if (!isPod) {
      throw new Malformed("The object is not a pod with metadata and a spec.");
    }
  }

  private AdmissionReview parse(byte[] body) throws Malformed {
    try (var parser = mapper.createParser(body)) {
      var review = mapper.readValue(parser, AdmissionReview.class);
      if (parser.nextToken() != null) {
        throw new Malformed("Something follows the AdmissionReview.");
      }
      return review;
    } catch (JsonProcessingException unreadable) {
      throw new Malformed("No readable AdmissionReview: " + unreadable.getOriginalMessage());
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new Malformed("No readable AdmissionReview.");
    }
  }

  private static ObjectMapper mapper() {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build();
    var mapper = new ObjectMapper(factory);
    mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL));
    // Teaches the mapper the types of the Kubernetes API.
    new KubernetesSerialization(mapper, true);
    return mapper;
  }
}
