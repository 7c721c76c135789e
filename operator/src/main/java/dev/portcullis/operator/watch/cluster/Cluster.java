package dev.portcullis.operator.watch.cluster;

import java.util.List;

/** What is known of the cluster. */
public interface Cluster {

  Views<ObservedPolicy> policies();

  Views<ObservedPod> pods();

  /** Whether a namespace's administrator has opted its pods in to injection. */
  boolean injects(String namespace);

  /** The namespaces for which {@link #injects} holds, in no order. */
  List<String> injecting();
}
