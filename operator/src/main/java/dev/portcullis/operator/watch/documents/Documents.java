package dev.portcullis.operator.watch.documents;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.resolve.descriptors.DescriptorReading;
import dev.portcullis.operator.resolve.openapi.OpenApiReading;
import java.util.Optional;
import java.util.function.Consumer;

/** The documents that policies refer to: OpenAPI, and descriptor sets of gRPC. */
public interface Documents {

  /** What is known of the document of one policy. */
  sealed interface Known {

    /** An OpenAPI document; empty where the policy refers to nothing. */
    record Now(Optional<OpenApiReading> reading) implements Known {}

    /** A descriptor set. */
    record Descriptors(DescriptorReading reading) implements Known {}

    /** It is being read for the first time; a change follows. */
    record NotYet() implements Known {}
  }

  Known of(ApiBackendPolicy policy);

  /** Hears of policies for which {@link #of} changed; the listener must not block. */
  void onChange(Consumer<BackendKey> listener);
}
