package dev.portcullis.operator.resolve;

import static dev.portcullis.operator.resolve.Given.in;
import static dev.portcullis.operator.resolve.Given.or;

import dev.portcullis.api.v1alpha1.ApiBackendPolicySpec;
import dev.portcullis.api.v1alpha1.Defaults;
import dev.portcullis.api.v1alpha1.LimitsSpec;
import dev.portcullis.api.v1alpha1.TimeoutsSpec;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.Timeouts;

/** Spec -> intent, section by section. */
final class SpecReader {

  private static final ApiBackendPolicySpec NOTHING =
      new ApiBackendPolicySpec(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null, null);

  /** Complete only if it leaves no problem behind. */
  static BackendIntent read(BackendView view, Problems problems) {
    var metadata = view.policy().getMetadata();
    var spec = or(view.policy().getSpec(), NOTHING);
    var at = new At("spec", problems);
    var callers =
        new CallerReader(
                metadata.getNamespace(), view.mesh().trustDomain(), new TrustReader(view.trusts()))
            .read(spec.callers(), at.field("callers"));
    var headers = HeaderReader.read(spec.headers(), at.field("headers"));
    var proofs =
        ProofReader.read(
            spec.authentication(),
            new ApiKeyReader(view.keys(), headers),
            new IssuerReader(metadata.getNamespace(), headers, view.keySets()),
            at.field("authentication"));
    var selector = SelectorReader.readOwn(spec.selector(), at.field("selector"));
    var application = ApplicationReader.read(spec, view.descriptors(), at);
    var inbound = InboundReader.read(spec, at);
    var rates = new RateLimitReader(view.servingPods(), view.mesh());
    var routes =
        new RouteReader(spec, callers, proofs, rates).read(view.document(), at.field("routes"));
    var shadow = new ShadowReader(spec).read(routes.routes(), at);
    RateLimitReader.requireEnforced(routes.routes(), shadow, at.field("rateLimits"));
    return new BackendIntent(
        new BackendKey(metadata.getNamespace(), metadata.getName()),
        selector,
        application,
        inbound,
        callers,
        routes.routes(),
        limits(spec.limits(), at.field("limits")),
        timeouts(spec.timeouts(), at.field("timeouts")),
        headers,
        view.mesh(),
        new CallReader(view, spec).read(at.field("egress").field("calls")),
        OverloadReader.read(spec.overload(), application, at.field("overload")),
        routes.documentation(),
        shadow,
        new AccessLogReader(spec).read(routes.routes(), at),
        BlockedReader.read(spec.blockedCidrs(), at.field("blockedCidrs")));
  }

  private static Limits limits(LimitsSpec limits, At at) {
    var headers = or(in(limits, LimitsSpec::requestHeaders), Defaults.REQUEST_HEADERS);
    var lifetime = or(in(limits, LimitsSpec::connectionLifetime), Defaults.CONNECTION_LIFETIME);
    return new Limits(
        (int) Math.min(Integer.MAX_VALUE, Amounts.bytes(at.field("requestHeaders"), headers)),
        or(in(limits, LimitsSpec::headerCount), Defaults.HEADER_COUNT),
        or(in(limits, LimitsSpec::connections), Defaults.CONNECTIONS),
        Amounts.duration(at.field("connectionLifetime"), lifetime));
  }

  private static Timeouts timeouts(TimeoutsSpec timeouts, At at) {
    var idle = or(in(timeouts, TimeoutsSpec::idle), Defaults.IDLE_TIMEOUT);
    var headers = or(in(timeouts, TimeoutsSpec::requestHeaders), Defaults.REQUEST_HEADERS_TIMEOUT);
    return new Timeouts(
        Amounts.duration(at.field("idle"), idle),
        Amounts.duration(at.field("requestHeaders"), headers));
  }

  private SpecReader() {}
}
