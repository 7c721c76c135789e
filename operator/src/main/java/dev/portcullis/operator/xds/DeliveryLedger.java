package dev.portcullis.operator.xds;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import io.grpc.Status;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open stream of each pod, and what outlives a stream: what its proxy took and refused. */
final class DeliveryLedger {

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryLedger.class);

  private final ConcurrentHashMap<String, DeltaStream> streams = new ConcurrentHashMap<>();
  private final List<DeliveryListener> listeners = new CopyOnWriteArrayList<>();

  /** Bounded: pods come and go. Forgetting one costs one more refusal. */
  private final Cache<String, ProxyHistory> histories =
      CacheBuilder.newBuilder().maximumSize(4_096).build();

  /** A pod has one proxy, so a newer stream of it means that the older one is dead. */
  void opened(DeltaStream stream) {
    var older = streams.put(stream.peer().uid(), stream);
    if (older != null) {
      older.end(Status.ABORTED.withDescription("replaced by a newer stream of the same pod"));
    }
    changed(stream.peer());
  }

  void closed(DeltaStream stream) {
    if (streams.remove(stream.peer().uid(), stream)) {
      changed(stream.peer());
    }
  }

  Optional<DeltaStream> stream(String podUid) {
    return Optional.ofNullable(streams.get(podUid));
  }

  Collection<DeltaStream> streams() {
    return streams.values();
  }

  Delivery delivery(String podUid) {
    return stream(podUid).map(DeltaStream::delivery).orElseGet(Delivery.NotConnected::new);
  }

  void onDelivery(DeliveryListener listener) {
    listeners.add(listener);
  }

  void changed(Peer peer) {
    for (var listener : listeners) {
      try {
        listener.deliveryChanged(peer);
      } catch (RuntimeException e) {
        LOG.atError().setCause(e).addKeyValue("pod", peer.pod()).log("delivery listener failed");
      }
    }
  }

  ProxyHistory history(Peer peer) {
    return histories.asMap().computeIfAbsent(peer.uid(), uid -> new ProxyHistory());
  }

  /** The pod is gone. */
  void forget(String podUid) {
    histories.invalidate(podUid);
  }
}
