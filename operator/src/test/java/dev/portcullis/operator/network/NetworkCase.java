package dev.portcullis.operator.network;

import static dev.portcullis.operator.network.Backends.calledFrom;
import static dev.portcullis.operator.network.Backends.labelled;
import static dev.portcullis.operator.network.Backends.scrapedFrom;

import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Caller.Origin.Addresses;
import dev.portcullis.operator.intent.Caller.Origin.Anywhere;
import dev.portcullis.operator.intent.Caller.Origin.LocalPods;
import dev.portcullis.operator.intent.Caller.Origin.Pods;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.PodSelector.Operator;
import dev.portcullis.operator.intent.PodSelector.Requirement;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The places a backend can be called from, each with its golden file. */
enum NetworkCase {
  PODS_OF_ANOTHER_NAMESPACE(
      calledFrom(
          new Pods(labelled("kubernetes.io/metadata.name", "ingress"), labelled("app", "edge")))),
  PODS_OF_THE_OWN_NAMESPACE(calledFrom(new LocalPods(labelled("app", "basket")))),
  ADDRESSES_LESS_SOME(
      calledFrom(
          new Addresses(
              List.of("203.0.113.0/24", "2001:db8::/32", "198.51.100.7/32"),
              List.of("203.0.113.128/25", "2001:db8:dead::/48")))),
  AN_EXCEPTION_OVER_THE_WHOLE_BLOCK(
      calledFrom(
          new Addresses(List.of("203.0.113.0/25", "192.0.2.0/24"), List.of("203.0.113.0/24")))),
  NO_ADDRESS_LEFT(calledFrom(new Addresses(List.of("203.0.113.0/24"), List.of("203.0.113.0/24")))),
  ANYWHERE(calledFrom(new LocalPods(labelled("app", "basket")), new Anywhere())),
  METRICS_FOR_SOME(
      scrapedFrom(
          new Pods(
              labelled("kubernetes.io/metadata.name", "monitoring"),
              labelled("app.kubernetes.io/name", "prometheus")),
          new Pods(
              labelled("kubernetes.io/metadata.name", "observability"),
              new PodSelector(Map.of(), List.of())))),
  TWO_CALLERS_OF_ONE_PLACE(
      calledFrom(
          new LocalPods(labelled("app", "basket")),
          new LocalPods(labelled("app", "basket")),
          new LocalPods(labelled("app", "search")))),
  EVERY_SELECTOR_OPERATOR(
      calledFrom(
          new Pods(
              new PodSelector(Map.of(), List.of()),
              new PodSelector(
                  Map.of("tier", "front"),
                  List.of(
                      new Requirement("app", Operator.IN, List.of("edge", "basket")),
                      new Requirement("env", Operator.NOT_IN, List.of("test")),
                      new Requirement("team", Operator.EXISTS, List.of()),
                      new Requirement("legacy", Operator.DOES_NOT_EXIST, List.of()))))));

  final BackendIntent intent;

  NetworkCase(BackendIntent intent) {
    this.intent = intent;
  }

  /** Name of its golden folder. */
  String meaning() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
