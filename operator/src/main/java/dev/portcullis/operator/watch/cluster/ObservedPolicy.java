package dev.portcullis.operator.watch.cluster;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.status.Revocation;
import java.util.Optional;

/** A policy as the API server holds it. */
public sealed interface ObservedPolicy {

  BackendKey key();

  String uid();

  long generation();

  /** The version that the status says is in force. */
  Optional<String> inForce();

  /** What the status says of rights that were taken away; empty where it says nothing. */
  Optional<Revocation> revocation();

  /**
   * As much of the policy as can be read; it says which pods are the policy's, and that is all it
   * may be used for unless it is the whole. Empty when even that cannot be known.
   */
  Optional<ApiBackendPolicy> legible();

  /**
   * @param policy without status, managed fields and resource version: equal when nothing that the
   *     gate depends on changed
   * @param revocation as the status tells it; empty where it says nothing
   */
  record Readable(
      ApiBackendPolicy policy, Optional<String> inForce, Optional<Revocation> revocation)
      implements ObservedPolicy {

    /** Without a word about revocations. */
    public Readable(ApiBackendPolicy policy, Optional<String> inForce) {
      this(policy, inForce, Optional.empty());
    }

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

    @Override
    public Optional<ApiBackendPolicy> legible() {
      return Optional.of(policy);
    }
  }

  /** Stored by an API server whose schema this operator does not know, e.g. after a downgrade. */
  record Unreadable(
      BackendKey key,
      String uid,
      long generation,
      String message,
      Optional<String> inForce,
      Optional<ApiBackendPolicy> legible)
      implements ObservedPolicy {

    /** Nothing new is published for it. */
    @Override
    public Optional<Revocation> revocation() {
      return Optional.empty();
    }
  }

  /** Whether no configuration of this policy can be running anywhere. */
  default boolean neverInForce() {
    return inForce().isEmpty();
  }
}
