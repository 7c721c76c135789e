package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.grpc.Status;
import java.util.concurrent.CompletionStage;

/** The sidecars' side of {@link Xds}. */
final class XdsService implements Xds {

  private final CanaryGate gate;
  private final EndpointStore endpoints;
  private final DeliveryLedger ledger;

  XdsService(CanaryGate gate, EndpointStore endpoints, DeliveryLedger ledger) {
    this.gate = gate;
    this.endpoints = endpoints;
    this.ledger = ledger;
  }

  @Override
  public CompletionStage<PublishOutcome> publish(GroupKey group, EnvoyResources resources) {
    return gate.submit(group, resources);
  }

  @Override
  public void withdraw(GroupKey group) {
    gate.withdraw(group);
  }

  @Override
  public void locate(ClusterLoadAssignment assignment) {
    endpoints.put(assignment);
  }

  @Override
  public void unlocate(String name) {
    endpoints.remove(name);
  }

  @Override
  public Delivery delivery(String podUid) {
    return ledger.delivery(podUid);
  }

  @Override
  public void regroup(String podUid) {
    ledger.stream(podUid).ifPresent(DeltaStream::changed);
  }

  @Override
  public void disconnect(String podUid) {
    ledger.stream(podUid).ifPresent(stream -> stream.end(Status.OK));
    ledger.forget(podUid);
  }

  @Override
  public void onDelivery(DeliveryListener listener) {
    ledger.onDelivery(listener);
  }
}
