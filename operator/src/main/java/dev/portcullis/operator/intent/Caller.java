package dev.portcullis.operator.intent;

import java.util.List;
import java.util.Optional;

/**
 * Who may call: from these places AND with one of these identities, which this installation's CA
 * vouches for, or with what another CA does.
 *
 * @param identities empty for a caller from outside
 * @param outside empty for a caller with identities
 */
public record Caller(
    String name, Origin origin, List<SpiffeId> identities, Optional<Outside> outside) {

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

  /** A caller that this installation's CA vouches for. */
  public Caller(String name, Origin origin, List<SpiffeId> identities) {
    this(name, origin, identities, Optional.empty());
  }

  /** A caller that another CA vouches for. */
  public Caller(String name, Origin origin, Outside outside) {
    this(name, origin, List.of(), Optional.of(outside));
  }
}
