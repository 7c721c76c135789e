package dev.portcullis.operator.watch.cluster;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import java.util.Optional;

/** A policy as the API server holds it. */
public sealed interface ObservedPolicy {

  BackendKey key();

  String uid();

  long generation();

  /**
   * @param policy without status, managed fields and resource version: equal when nothing that the
   *     gate depends on changed
   * @param inForce the version that the status says is in force
   */
  record Readable(ApiBackendPolicy policy, Optional<String> inForce) implements ObservedPolicy {
    @Override
    public BackendKey key() {
      return new BackendKey(policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    }

    @Override
    public String uid() {
      return policy.getMetadata().getUid();
    }

    @Override
    public long generation() {
      return policy.getMetadata().getGeneration();
    }
  }

  /** Stored by an API server whose schema this operator does not know, e.g. after a downgrade. */
  record Unreadable(BackendKey key, String uid, long generation, String message)
      implements ObservedPolicy {}

  /** Whether no configuration of this policy can be running anywhere. */
  default boolean neverInForce() {
    return this instanceof Readable readable && readable.inForce().isEmpty();
  }
}
