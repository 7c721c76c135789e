package dev.portcullis.operator.watch.delivery;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.envoy.CallEndpoints;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.resolve.Neighbour;
import dev.portcullis.operator.watch.cluster.ObservedPod;
import dev.portcullis.operator.watch.cluster.ObservedPolicy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which policy calls which backends, and where those are at this moment. A pod of a called backend
 * that comes, goes or changes its readiness is told to the callers' sidecars at once, past the
 * translation; only where its identity is new or gone are the callers translated again. What nobody
 * calls costs nothing.
 */
public final class CalledBackends implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CalledBackends.class);

  private final FastPath.Parts parts;
  private final CalledPods pods;
  private final Consumer<BackendKey> translateAgain;
  private final List<Consumer<BackendKey>> listeners = new CopyOnWriteArrayList<>();
  private final DirtyKeys<BackendKey> moved = new DirtyKeys<>();
  private final Thread worker =
      Thread.ofPlatform().name("called-backends").daemon().unstarted(this::work);

  // Written under the lock, read without.
  private final CallBook book = new CallBook();

  // Guarded by this.
  private final Map<BackendKey, List<Call>> calls = new HashMap<>();
  private final Map<BackendKey, Set<String>> accounts = new HashMap<>();
  private final Map<BackendKey, Set<String>> located = new HashMap<>();

  /** {@code translateAgain} is given callers; it must not block. */
  CalledBackends(FastPath.Parts parts, Consumer<BackendKey> translateAgain) {
    this.parts = parts;
    this.pods = new CalledPods(parts.cluster(), parts.groups(), parts.backends());
    this.translateAgain = translateAgain;
  }

  void start() {
    parts.cluster().pods().onChange(this::podChanged);
    parts.cluster().policies().onChange(this::policyChanged);
    parts.backends().onChange(this::backendChanged);
    worker.start();
  }

  /** Calls with a caller after one of its backends changed; the listener must not block. */
  public void onChange(Consumer<BackendKey> listener) {
    listeners.add(listener);
  }

  /** Whether a call can work now. */
  public Reach reach(BackendKey caller, Call call) {
    var neighbour = neighbour(call.backend());
    var trustDomain = parts.mesh().trustDomain();
    return neighbour.filter(there -> there.isKnownTo(caller.namespace(), trustDomain)).isEmpty()
        ? new Reach.Unknown()
        : Reach.of(pods.ready(call.backend(), trustDomain).size());
  }

  /** How many pods take the requests for a backend now. */
  int serving(BackendKey backend) {
    return pods.serving(backend);
  }

  /** The backends that a policy calls, as far as they are there. It hears of their changes. */
  synchronized Map<BackendKey, Neighbour> neighbours(ApiBackendPolicy policy) {
    var caller =
        new BackendKey(policy.getMetadata().getNamespace(), policy.getMetadata().getName());
    var wanted = Neighbour.calledBy(policy);
    register(caller, wanted);
    var found = new HashMap<BackendKey, Neighbour>();
    for (var backend : wanted) {
      neighbour(backend).ifPresent(neighbour -> found.put(backend, neighbour));
      accounts.putIfAbsent(backend, pods.accounts(backend));
    }
    return found;
  }

  /** Tells where the backends of an intent are; to be called before it is published. */
  synchronized void locate(BackendIntent intent) {
    calls.put(intent.key(), intent.calls());
    intent.calls().stream().map(Call::backend).distinct().forEach(this::locate);
  }

  synchronized void forget(BackendKey caller) {
    calls.remove(caller);
    register(caller, List.of());
  }

  @Override
  public void close() {
    worker.interrupt();
  }

  private void register(BackendKey caller, List<BackendKey> wanted) {
    var backends = new HashSet<>(wanted);
    inForce(caller).map(Call::backend).forEach(backends::add);
    book.enter(caller, backends).forEach(this::locate);
  }

  private Optional<Neighbour> neighbour(BackendKey backend) {
    return parts
        .cluster()
        .policies()
        .get(backend.namespace(), backend.name())
        .filter(ObservedPolicy.Readable.class::isInstance)
        .map(ObservedPolicy.Readable.class::cast)
        .map(readable -> new Neighbour(readable.policy(), pods.accounts(backend)));
  }

  /** Under every name that a caller's configuration, the newest or that in force, asks for. */
  private void locate(BackendKey backend) {
    var ready = pods.ready(backend, parts.mesh().trustDomain());
    var names = new HashSet<String>();
    book.callersOf(backend).stream()
        .flatMap(this::callsOf)
        .filter(call -> call.backend().equals(backend))
        .filter(call -> names.add(CallEndpoints.name(call)))
        .forEach(call -> parts.xds().locate(CallEndpoints.of(call, ready)));
    located.getOrDefault(backend, Set.of()).stream()
        .filter(name -> !names.contains(name))
        .forEach(parts.xds()::unlocate);
    if (names.isEmpty()) {
      located.remove(backend);
      accounts.remove(backend);
    } else {
      located.put(backend, names);
    }
  }

  private Stream<Call> callsOf(BackendKey caller) {
    return Stream.concat(calls.getOrDefault(caller, List.of()).stream(), inForce(caller));
  }

  private Stream<Call> inForce(BackendKey caller) {
    return parts.backends().get(caller).flatMap(BackendState::lastGood).stream()
        .flatMap(good -> good.intent().calls().stream());
  }

  private void work() {
    try {
      while (true) {
        var backend = moved.take();
        try {
          round(backend);
        } catch (RuntimeException | Error broken) {
          LOG.error("Where {} is could not be told", backend, broken);
        } finally {
          moved.done(backend);
        }
      }
    } catch (InterruptedException stopped) {
      LOG.debug("Called backends are followed no more");
    }
  }

  private void round(BackendKey backend) {
    if (changedIdentities(backend)) {
      book.callersOf(backend).forEach(translateAgain);
    }
    for (var caller : book.callersOf(backend)) {
      listeners.forEach(listener -> listener.accept(caller));
    }
  }

  /** Tells where it is. Whether its identities are others than before. */
  private synchronized boolean changedIdentities(BackendKey backend) {
    if (!book.isCalled(backend)) {
      return false;
    }
    locate(backend);
    var now = pods.accounts(backend);
    return !now.equals(accounts.put(backend, now));
  }

  private void podChanged(Optional<ObservedPod> before, Optional<ObservedPod> after) {
    var namespace = before.or(() -> after).orElseThrow().namespace();
    if (!book.calledIn(namespace).isEmpty()
        && !CalledPods.look(before).equals(CalledPods.look(after))) {
      Stream.of(before, after)
          .flatMap(Optional::stream)
          .flatMap(pod -> parts.groups().selecting(namespace, pod.labels()).stream())
          .filter(book::isCalled)
          .forEach(moved::mark);
    }
  }

  /** It may come or go, know other callers, or take pods from another one of its namespace. */
  private void policyChanged(Optional<ObservedPolicy> before, Optional<ObservedPolicy> after) {
    var key = before.or(() -> after).orElseThrow().key();
    book.callersOf(key).forEach(translateAgain);
    book.calledIn(key.namespace()).forEach(moved::mark);
  }

  /** Its port may be another one now; and what it calls may be asked for under other names. */
  private void backendChanged(BackendKey backend) {
    if (book.isCalled(backend)) {
      moved.mark(backend);
    }
    book.calledBy(backend).forEach(moved::mark);
  }
}
