package dev.portcullis.operator.envoy;

import java.util.List;

/** Every feature, in the order in which its HTTP filters see a request. */
final class Features {

  static final List<Feature> IN_ORDER =
      List.of(
          // The connection, from the socket inwards.
          new ListenerSocket(),
          new ConnectionLimits(),
          new TlsFeature(),
          new RedirectProof(),
          // The request as the codec gives it, before any filter.
          new PathNormalisation(),
          new HeaderLimits(),
          new Timeouts(),
          new CallerIdentity(),
          new LocalReplies(),
          new DenialIds(),
          new AccessLogs(),
          // First filter, so the last to touch a response: nobody behind it can undo it.
          new ResponseHeaders(),
          // Of the lines about what follows.
          new LogBound(),
          new AllowedLog(),
          // Whoever is shut out, whatever he shows.
          new BlockedPlaces(),
          new CertificateExpiry(),
          // A JSON request is a call of its method before anything is decided about it.
          new JsonTranscoder(),
          // Who may, before what it costs: a refused caller uses up nobody's count.
          new CallerRbac(),
          // Admitted, so there is a rule to name it after; before counts ask who it is.
          new OutsideCaller(),
          new ForwardedClaims(),
          // Keys before tokens: a route that takes either asks for a token where there is no key.
          new ApiKeyCheck(),
          new TokenCheck(),
          new ProofRbac(),
          new RateLimits(),
          // What the sidecar refuses by itself is no question to the store.
          new StoredRates(),
          // After the counts, so that an oversized body is counted.
          new BodyLimit(),
          // After all that refuses, which left it marks where it may refuse nothing.
          new ShadowRecord(),
          new ShadowCounts(),
          // What is refused before it is not drawn.
          new AllowedSample(),
          // What is refused before it says nothing about the application.
          new LoadReport(),
          new LatencyBreaker(),
          // Last before the router: what the application sees is decided here.
          new RequestHeaders(),
          new Routing(),
          // The application behind.
          new AppCluster(),
          new WebSockets(),
          new AppHealthCheck());

  private Features() {}
}
