package dev.portcullis.operator.intent;

import java.util.List;

/** Who may call: from these places AND with one of these identities. */
public record Caller(String name, Origin origin, List<SpiffeId> identities) {

  /** The place in the network that a caller calls from. */
  public sealed interface Origin {

    /** Any pod of the cluster and any address; the identity alone decides. */
    record Anywhere() implements Origin {}

    /** Pods selected by the labels of their namespace and their own. */
    record Pods(PodSelector namespaces, PodSelector pods) implements Origin {}

    /** Pods of the policy's own namespace, selected by their labels. */
    record LocalPods(PodSelector pods) implements Origin {}

    /** Addresses, as CIDRs, less the excepted ones. */
    record Addresses(List<String> cidrs, List<String> except) implements Origin {
      public Addresses {
        cidrs = List.copyOf(cidrs);
        except = List.copyOf(except);
      }
    }
  }

  public Caller {
    identities = List.copyOf(identities);
  }
}
