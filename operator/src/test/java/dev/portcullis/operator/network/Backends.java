package dev.portcullis.operator.network;

import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.SpiffeId;
import dev.portcullis.operator.intent.Timeouts;
import dev.portcullis.operator.intent.Tls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Backends that differ in who may call them. */
final class Backends {

  private static final String TRUST_DOMAIN = "cluster.local";

  private Backends() {}

  static PodSelector labelled(String key, String value) {
    return new PodSelector(Map.of(key, value), List.of());
  }

  static BackendIntent calledFrom(Origin... origins) {
    return backend(List.of(origins), List.of());
  }

  /** Called from one place, its metrics read from these. */
  static BackendIntent scrapedFrom(Origin.Pods... scrapers) {
    return backend(List.of(new Origin.LocalPods(labelled("app", "basket"))), List.of(scrapers));
  }

  private static BackendIntent backend(List<Origin> origins, List<Origin.Pods> scrapers) {
    var callers =
        IntStream.range(0, origins.size())
            .mapToObj(i -> new Caller("caller-" + i, origins.get(i), List.of(account("edge"))))
            .toList();
    return new BackendIntent(
        new BackendKey("shop", "orders"),
        labelled("app", "orders"),
        new Application(8080, Application.Protocol.HTTP1, Duration.ofSeconds(1), Optional.empty()),
        new Inbound(8443, Tls.DEFAULT, Inbound.Capture.REDIRECT),
        callers,
        List.of(route(callers)),
        new Limits(32768, 100, 10000, Duration.ofHours(1)),
        new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(10)),
        new Headers(none(), none(), Headers.Hardening.HARDENED),
        new Mesh(
            TRUST_DOMAIN,
            SpiffeId.ofServiceAccount(TRUST_DOMAIN, "portcullis-system", "portcullis"),
            scrapers,
            Optional.empty()));
  }

  private static SpiffeId account(String name) {
    return SpiffeId.ofServiceAccount(TRUST_DOMAIN, "ingress", name);
  }

  private static Headers.Edits none() {
    return new Headers.Edits(List.of(), Map.of(), Map.of());
  }

  private static Route route(List<Caller> callers) {
    return new Route(
        "all",
        new PathMatch.Prefix("/"),
        List.of("GET"),
        callers,
        List.of(),
        1024,
        Duration.ofSeconds(15),
        Duration.ofSeconds(60));
  }
}
