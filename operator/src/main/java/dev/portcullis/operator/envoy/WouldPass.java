package dev.portcullis.operator.envoy;

import dev.portcullis.operator.envoy.Verdict.Denied;
import dev.portcullis.operator.envoy.Verdict.Passes;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.RateLimit.Outage;
import dev.portcullis.operator.intent.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the gate of one policy would do with a request, without a gate. The compiled route table
 * decides which line a request takes, and the line's rules are asked in the order of {@link
 * Features#IN_ORDER}. What only the real request can show is told as a proviso.
 */
public final class WouldPass {

  private final BackendIntent intent;
  private final List<Endpoint> table;
  private final List<io.envoyproxy.envoy.config.route.v3.Route> lines;

  /** Of an intent that {@code resolve} gave. */
  public WouldPass(BackendIntent intent) {
    this.intent = intent;
    this.table = Endpoint.tableOf(intent);
    var compiled = new EnvoyTranslator().translate(intent).routes().getVirtualHosts(0);
    // Those before are the operator's own.
    var first = Math.max(0, compiled.getRoutesCount() - table.size());
    this.lines = compiled.getRoutesList().subList(first, compiled.getRoutesCount());
    var names = lines.stream().map(io.envoyproxy.envoy.config.route.v3.Route::getName).toList();
    if (!names.equals(table.stream().map(Endpoint::name).toList())) {
      throw new IllegalStateException("the compiled table is not that of the policy: " + names);
    }
  }

  /**
   * The verdict on this request.
   *
   * @throws IllegalStateException when the policy asks something that only a gate can answer
   */
  public Verdict on(SampleRequest request) {
    if (intent.application().transcoding().isPresent() && !isGrpc(request)) {
      throw new IllegalStateException(
          "this policy makes calls of JSON (backend.transcoding), which only a gate can answer for;"
              + " ask for the call itself, with content-type: application/grpc");
    }
    var path = NormalPath.of(request.target());
    if (path.isEmpty()
        || request.headers().keySet().stream().anyMatch(name -> name.contains("_"))) {
      return new Denied(DenialId.ofPolicy(Denial.MALFORMED, intent.key()), "");
    }
    var endpoint = lineOf(request, path.get());
    if (isUpgrade(request) && !takesUpgrades(endpoint)) {
      return denied(Denial.UPGRADE, endpoint);
    }
    return BlockTrial.of(request, intent)
        .map(provisos -> provided(provisos, inMode(endpoint, request, decide(request, endpoint))))
        .orElseGet(() -> denied(Denial.BLOCKED, endpoint));
  }

  private static Verdict provided(List<String> provisos, Verdict verdict) {
    return switch (verdict) {
      case Denied denied -> denied;
      case Passes(var route, var others) ->
          new Passes(route, Stream.concat(provisos.stream(), others.stream()).toList());
    };
  }

  /** In {@code mode: Shadow} the gate tells what it would deny, and lets it through. */
  private Verdict inMode(Endpoint endpoint, SampleRequest request, Verdict enforced) {
    return enforced instanceof Denied(var id, var line)
            && endpoint.isShadowedIn(intent)
            && getsIn(request)
        ? new Passes(line, List.of("mode is Shadow: Enforce would deny it with " + id))
        : enforced;
  }

  /** From outside a name must be some caller's, whatever the mode: its own CA may write any. */
  private boolean getsIn(SampleRequest request) {
    return request.caller().startsWith("spiffe://")
        || CallerTrial.of(request, intent.callers()).isPresent();
  }

  private Endpoint lineOf(SampleRequest request, String path) {
    var headers = new HashMap<>(request.headers());
    headers.put(":method", request.method());
    headers.put(":path", path);
    if (!isUpgrade(request)) {
      headers.remove("upgrade");
    }
    var match = new LineMatch(headers);
    return IntStream.range(0, table.size())
        .filter(line -> match.takes(lines.get(line).getMatch()))
        .mapToObj(table::get)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isGrpc(SampleRequest request) {
    return request
        .header("content-type")
        .filter(it -> it.startsWith("application/grpc"))
        .isPresent();
  }

  private static boolean isUpgrade(SampleRequest request) {
    return request.header("upgrade").isPresent()
        && request.header("connection").filter("upgrade"::equalsIgnoreCase).isPresent();
  }

  private static boolean takesUpgrades(Endpoint endpoint) {
    return endpoint instanceof Endpoint.Known(var known) && known.isOfWebSockets();
  }

  private Verdict decide(SampleRequest request, Endpoint endpoint) {
    return switch (endpoint) {
      case Endpoint.Known(var known) -> known(request, endpoint, known);
      case Endpoint.WrongMethod(_, var routes) ->
          refusal(
              request,
              endpoint,
              routes.stream().flatMap(route -> route.callers().stream()).toList(),
              Denial.METHOD);
      case Endpoint.WrongMediaType(var known) ->
          refusal(request, endpoint, known.callers(), Denial.MEDIA_TYPE);
      case Endpoint.NoHandshake(var known) ->
          refusal(request, endpoint, known.callers(), Denial.UPGRADE);
      case Endpoint.WrongParameter(_, _) -> denied(Denial.PATH, endpoint);
      case Endpoint.DisguisedPath() -> denied(Denial.PATH, endpoint);
      case Endpoint.UnknownPath() -> denied(Denial.PATH, endpoint);
    };
  }

  private Verdict refusal(
      SampleRequest request, Endpoint endpoint, List<Caller> callers, Denial otherwise) {
    return denied(
        CallerTrial.of(request, callers).isPresent() ? otherwise : Denial.CALLERS, endpoint);
  }

  private Verdict known(SampleRequest request, Endpoint endpoint, Route known) {
    var caller = CallerTrial.of(request, known.callers());
    if (caller.isEmpty()) {
      return denied(Denial.CALLERS, endpoint);
    }
    var proof = new ProofTrial(request, known.proof());
    var refusal = proof.refusal();
    if (refusal.isPresent()) {
      return denied(refusal.get(), endpoint);
    }
    if (length(request).filter(bytes -> bytes > known.maxRequestBytes()).isPresent()) {
      return denied(Denial.BODY, endpoint);
    }
    var provided = new ArrayList<>(caller.get());
    provided.addAll(proof.provisos());
    known.rateLimits().forEach(limit -> provided.add("rate limit " + limit.name() + " has room"));
    if (known.rateLimits().stream()
        .anyMatch(limit -> limit.inStore().equals(Optional.of(Outage.REFUSE)))) {
      provided.add("the store of scope Fleet answers");
    }
    if (length(request).isEmpty()) {
      provided.add("the body has at most %d bytes".formatted(known.maxRequestBytes()));
    }
    return new Passes(known.name(), provided);
  }

  private static Optional<Long> length(SampleRequest request) {
    return request.header("content-length").map(Long::parseLong);
  }

  private Verdict denied(Denial layer, Endpoint endpoint) {
    return new Denied(DenialId.at(layer, intent, endpoint), endpoint.name());
  }
}
