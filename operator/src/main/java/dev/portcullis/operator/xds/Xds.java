package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.concurrent.CompletionStage;

/** What the rest of the operator may ask of the delivery of configuration. Safe from any thread. */
public interface Xds {

  /**
   * Offers a configuration to a group. It is checked on the canary first (unless it is what the
   * group already runs) and then sent to every connected proxy of the group; proxies that come
   * later get it when they connect. Only what differs from what a proxy holds is sent to it.
   *
   * <p>The newest publication of a group wins: one that is overtaken while it waits for its check
   * ends {@link PublishOutcome.Superseded}. After {@link PublishOutcome.Rejected} the group keeps
   * what it had. A proxy that refuses what the canary took goes back to what it took last, or to
   * what another of its group took before; the others go on. The stage ends exceptionally only when
   * this object is stopped first.
   */
  CompletionStage<PublishOutcome> publish(GroupKey group, EnvoyResources resources);

  /**
   * Forgets a group. Nothing is sent: its proxies keep what they run, and a proxy that starts anew
   * gets nothing, so it opens no listener and refuses everything. To close the proxies that still
   * run, publish a configuration that refuses every request, and withdraw the group once no pod is
   * assigned to it.
   */
  void withdraw(GroupKey group);

  /**
   * Tells at once, to each proxy whose configuration names them, where these endpoints are now; the
   * canary has no say in facts. A configuration that names endpoints should come after them: a
   * proxy takes a new cluster into use when it knows them, or after 15 s.
   */
  void locate(ClusterLoadAssignment endpoints);

  /** Forgets endpoints by their name: proxies that still name them keep the last. */
  void unlocate(String endpoints);

  /** What the proxy of a pod, by the pod's uid, said of the configuration of its group. */
  Delivery delivery(String podUid);

  /**
   * Asks {@link PeerGroups} again for this pod and sends it the resources of its group of now. A
   * pod that is assigned to no group any more keeps what it runs.
   */
  void regroup(String podUid);

  /** Ends the stream of a pod and forgets what its proxy said: the pod is gone. */
  void disconnect(String podUid);

  /** Adds a listener that is called after {@link #delivery} of a pod changed. */
  void onDelivery(DeliveryListener listener);
}
