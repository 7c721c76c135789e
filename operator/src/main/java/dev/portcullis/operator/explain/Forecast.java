package dev.portcullis.operator.explain;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.envoy.SampleRequest;
import dev.portcullis.operator.envoy.Verdict;
import dev.portcullis.operator.envoy.WouldPass;
import dev.portcullis.operator.explain.Plugin.Answer;
import dev.portcullis.operator.intent.SpiffeId;
import java.util.List;
import java.util.stream.Collectors;

/** A request that nobody has sent -> whether it would pass, and by which rule it would not. */
final class Forecast {

  private static final int REFUSED = 1;

  static Answer of(Options options, Policies policies) {
    if (options.words().size() != 2) {
      throw new IllegalArgumentException(Options.USAGE);
    }
    var policy = chosen(options, policies);
    var intent = policies.meaning(policy, options.trustDomain());
    return answer(new WouldPass(intent).on(request(options)), Policies.nameOf(policy));
  }

  private static ApiBackendPolicy chosen(Options options, Policies policies) {
    if (policies.policies().isEmpty()) {
      throw new IllegalArgumentException(
          "there is no ApiBackendPolicy: look in another namespace with -n, or give a file with -f");
    }
    var chosen = policies.named(options.setting("policy"));
    if (chosen.size() != 1) {
      throw new IllegalArgumentException(
          "--policy must name one of the policies: "
              + policies.policies().stream()
                  .map(Policies::nameOf)
                  .collect(Collectors.joining(", ")));
    }
    return chosen.getFirst();
  }

  private static SampleRequest request(Options options) {
    return new SampleRequest(
        options.words().get(0),
        options.words().get(1),
        options.headers(),
        caller(options),
        options.setting("address"));
  }

  /** {@code namespace/account}, or an identity as a certificate has it. */
  private static String caller(Options options) {
    var from =
        options
            .setting("from")
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "--from must name the caller: NAMESPACE/SERVICEACCOUNT, a SPIFFE id, or"
                            + " DNS:NAME"));
    var parts = List.of(from.split("/", -1));
    return parts.size() == 2
        ? SpiffeId.ofServiceAccount(options.trustDomain(), parts.getFirst(), parts.getLast()).uri()
        : from;
  }

  private static Answer answer(Verdict verdict, String policy) {
    return switch (verdict) {
      case Verdict.Passes(var route, var provided) ->
          new Answer(
              "passes by route %s of %s%s"
                  .formatted(
                      route,
                      policy,
                      provided.isEmpty()
                          ? ""
                          : provided.stream()
                              .collect(Collectors.joining("\n  ", ", provided that\n  ", ""))),
              0);
      case Verdict.Denied(var id, var line) ->
          new Answer(
              "denied: %s%s\n%s\n%s"
                  .formatted(
                      id,
                      line.isEmpty() ? "" : " at " + line + " of " + policy,
                      id.layer().meaning(),
                      id.layer().remedy()),
              REFUSED);
    };
  }

  private Forecast() {}
}
