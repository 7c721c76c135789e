package dev.portcullis.operator.watch.report;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.KeyRule;
import dev.portcullis.operator.intent.Trust.Material;
import dev.portcullis.operator.status.References;
import dev.portcullis.operator.status.References.Fault;
import dev.portcullis.operator.watch.jwks.KeySets;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a policy refers to outside of itself, and what of it cannot be used. */
final class ReferencesOf {

  private static final String SECRETS = "spec.authentication.apiKeys.secretRefs";

  /**
   * @param published what is wrong with the places where issuers publish keys
   */
  static References intent(BackendIntent intent, Optional<KeySets.Faults> published) {
    var refers =
        published.filter(KeySets.Faults::refers).isPresent()
            || intent.apiKeys().isPresent()
            || intent.callers().stream().anyMatch(caller -> caller.outside().isPresent());
    if (!refers) {
      return new References.None();
    }
    var faults =
        Stream.of(
                callers(intent),
                published.stream().flatMap(found -> found.missing().stream()),
                secrets(intent),
                clients(intent))
            .flatMap(each -> each)
            .toList();
    var late = published.map(KeySets.Faults::late).orElse(List.of());
    return faults.isEmpty() ? new References.Usable(late) : new References.Unusable(faults, late);
  }

  private static Stream<Fault> callers(BackendIntent intent) {
    return each(intent.callers(), index -> fault(index, intent.callers().get(index)));
  }

  private static Stream<Fault> fault(int index, Caller caller) {
    return caller.outside().stream()
        .flatMap(
            outside ->
                switch (outside.trust().material()) {
                  case Material.Usable _ -> Stream.of();
                  case Material.Unusable(var reason, var message) ->
                      Stream.of(
                          new Fault("spec.callers[%d].trust".formatted(index), reason, message));
                });
  }

  private static Stream<Fault> secrets(BackendIntent intent) {
    return intent.apiKeys().stream()
        .flatMap(keys -> keys.faults().stream())
        .map(fault -> new Fault(SECRETS, fault.reason(), fault.message()));
  }

  /** Who is named and has no key is let in nowhere, which a slip of the pen looks like too. */
  private static Stream<Fault> clients(BackendIntent intent) {
    return each(
        intent.routes(),
        index ->
            intent.routes().get(index).proof().keyRule().stream()
                .flatMap(ReferencesOf::withoutKey)
                .map(
                    client ->
                        new Fault(
                            "spec.routes[%d].authentication.apiKeys".formatted(index),
                            "ClientWithoutKey",
                            "No Secret has a key of client %s.".formatted(client))));
  }

  private static Stream<String> withoutKey(KeyRule rule) {
    var keys = rule.keys();
    return rule.clients().stream().filter(client -> !keys.clients().containsValue(client));
  }

  private static Stream<Fault> each(List<?> list, IntFunction<Stream<Fault>> faults) {
    return IntStream.range(0, list.size()).boxed().flatMap(faults::apply);
  }

  private ReferencesOf() {}
}
