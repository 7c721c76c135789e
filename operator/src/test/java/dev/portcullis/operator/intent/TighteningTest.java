package dev.portcullis.operator.intent;

import static dev.portcullis.operator.envoytest.Intents.caller;
import static dev.portcullis.operator.envoytest.Intents.route;
import static dev.portcullis.operator.envoytest.Intents.withCallers;
import static dev.portcullis.operator.envoytest.Intents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.SubjectName.Type;
import dev.portcullis.operator.intent.Trust.Material;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Only what takes the right to call from somebody counts; each case is an edit of who may call. */
class TighteningTest {

  private static final PathMatch ORDERS = new PathMatch.Prefix("/orders");
  private static final Origin ANYWHERE = new Origin.Anywhere();
  private static final Caller EDGE = caller("edge", ANYWHERE, "spiffe://m/edge");
  private static final Caller BATCH = caller("batch", ANYWHERE, "spiffe://m/batch");

  private static final Trust PARTNER = trust("partner", "", List.of());
  private static final SubjectName CLIENT = new SubjectName(Type.DNS, "client.example");
  private static final SubjectName OTHER = new SubjectName(Type.DNS, "other.example");

  static Stream<Arguments> takes() {
    return Stream.of(
        edit("a caller from outside is removed", of(EDGE, from(PARTNER, CLIENT)), of(EDGE)),
        edit(
            "one of two callers of a CA is removed",
            of(from(PARTNER, CLIENT), from(PARTNER, OTHER)),
            of(from(PARTNER, CLIENT))),
        edit(
            "one of two names is removed",
            of(from(PARTNER, CLIENT, OTHER)),
            of(from(PARTNER, OTHER))),
        edit(
            "a name becomes one of another type",
            of(from(PARTNER, CLIENT)),
            of(from(PARTNER, new SubjectName(Type.URI, CLIENT.value())))),
        edit(
            "a network of a caller from outside is narrowed",
            of(from(PARTNER, addresses("10.0.0.0/8"))),
            of(from(PARTNER, addresses("10.1.0.0/16")))),
        edit(
            "another CA vouches for the name",
            of(from(PARTNER, CLIENT)),
            of(from(trust("other", "", List.of()), CLIENT))),
        edit(
            "a CRL is asked for",
            of(from(PARTNER, CLIENT)),
            of(from(trust("partner", "ca.crl", List.of()), CLIENT))),
        edit(
            "a server name is asked for",
            of(from(PARTNER, CLIENT)),
            of(from(trust("partner", "", List.of("a.example")), CLIENT))),
        edit(
            "one of two server names is removed",
            of(from(trust("partner", "", List.of("a.example", "b.example")), CLIENT)),
            of(from(trust("partner", "", List.of("a.example")), CLIENT))),
        edit(
            "server names become networks",
            of(from(trust("partner", "", List.of("a.example")), CLIENT)),
            of(from(PARTNER, CLIENT))),
        edit(
            "a caller of the mesh becomes one from outside",
            of(EDGE),
            of(from(PARTNER, new SubjectName(Type.URI, "spiffe://m/edge")))),
        edit(
            "a caller from outside becomes one of the mesh",
            of(from(PARTNER, new SubjectName(Type.URI, "spiffe://m/edge"))),
            of(EDGE)),
        edit("a caller is removed", of(EDGE, BATCH), of(EDGE)),
        edit("a caller is replaced", of(EDGE), of(BATCH)),
        edit(
            "an identity is removed from a caller",
            of(caller("edge", ANYWHERE, "spiffe://m/edge", "spiffe://m/other")),
            of(EDGE)),
        edit("anywhere becomes a place", of(EDGE), of(at(addresses("10.0.0.0/8")))),
        edit(
            "the network is narrowed",
            of(at(addresses("10.0.0.0/8"))),
            of(at(addresses("10.1.0.0/16")))),
        edit(
            "one of two networks is gone",
            of(at(addresses("10.0.0.0/8", "192.168.0.0/16"))),
            of(at(addresses("10.0.0.0/8")))),
        edit(
            "a part of the network is excepted",
            of(at(addresses("10.0.0.0/8"))),
            of(at(new Origin.Addresses(List.of("10.0.0.0/8"), List.of("10.1.0.0/16"))))),
        edit(
            "a label is asked for", of(at(labelled(Map.of()))), of(at(labelled(Map.of("a", "1"))))),
        edit(
            "another label is asked for",
            of(at(labelled(Map.of("a", "1")))),
            of(at(labelled(Map.of("a", "2"))))),
        edit("pods become addresses", of(at(labelled(Map.of()))), of(at(addresses("0.0.0.0/0")))));
  }

  static Stream<Arguments> takesNothing() {
    return Stream.of(
        edit("a caller from outside is added", of(EDGE), of(EDGE, from(PARTNER, CLIENT))),
        edit("a name is added", of(from(PARTNER, CLIENT)), of(from(PARTNER, OTHER, CLIENT))),
        edit(
            "a server name is added",
            of(from(trust("partner", "", List.of("a.example")), CLIENT)),
            of(from(trust("partner", "", List.of("b.example", "a.example")), CLIENT))),
        edit(
            "the network of a caller from outside is widened",
            of(from(PARTNER, addresses("10.1.0.0/16"))),
            of(from(PARTNER, addresses("10.0.0.0/8")))),
        edit(
            "what is kept where the CA is becomes something else",
            of(from(PARTNER, CLIENT)),
            of(from(holding(new Material.Unusable("CaExpired", "It has ended.")), CLIENT))),
        edit("nothing changes", of(EDGE), of(EDGE)),
        edit("a caller is added", of(EDGE), of(EDGE, BATCH)),
        edit("callers change places", of(EDGE, BATCH), of(BATCH, EDGE)),
        edit("a caller is renamed", of(EDGE), of(caller("front", ANYWHERE, "spiffe://m/edge"))),
        edit(
            "two callers become one",
            of(EDGE, BATCH),
            of(caller("all", ANYWHERE, "spiffe://m/edge", "spiffe://m/batch"))),
        edit("a place becomes anywhere", of(at(addresses("10.0.0.0/8"))), of(EDGE)),
        edit(
            "the network is widened",
            of(at(addresses("10.1.0.0/16"))),
            of(at(addresses("10.0.0.0/8")))),
        edit(
            "an exception is taken back",
            of(at(new Origin.Addresses(List.of("10.0.0.0/8"), List.of("10.1.0.0/16")))),
            of(at(addresses("10.0.0.0/8")))),
        edit(
            "an exception of what was never admitted",
            of(at(addresses("10.0.0.0/8"))),
            of(
                at(
                    new Origin.Addresses(
                        List.of("10.0.0.0/8", "192.168.0.0/16"), List.of("192.168.1.0/24"))))),
        edit("a label less", of(at(labelled(Map.of("a", "1")))), of(at(labelled(Map.of())))));
  }

  @ParameterizedTest
  @MethodSource("takes")
  void takesSomething(List<Caller> before, List<Caller> after) {
    assertThat(between(callers(before), callers(after))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("takesNothing")
  void leavesEverybodyWhatTheyHad(List<Caller> before, List<Caller> after) {
    assertThat(between(callers(before), callers(after))).isFalse();
  }

  @Test
  void aCallerOfARouteIsTakenAwayThoughItMayStillCallAnother() {
    var open = withCallers(route("orders", ORDERS, "GET", "PUT"), EDGE, BATCH);
    var closed = withCallers(route("orders", ORDERS, "GET", "PUT"), EDGE);
    var other = withCallers(route("other", new PathMatch.Exact("/other"), "GET"), EDGE, BATCH);

    assertThat(between(routes(open, other), routes(closed, other))).isTrue();
    assertThat(between(routes(closed, other), routes(open, other))).isFalse();
  }

  @Test
  void aCallerFromOutsideIsTakenAwayFromARouteThoughItsEntranceStaysTheSame() {
    var partner = from(PARTNER, CLIENT);
    var open = withCallers(route("orders", ORDERS, "GET"), EDGE, partner);
    var closed = withCallers(route("orders", ORDERS, "GET"), EDGE);
    var other = withCallers(route("other", new PathMatch.Exact("/other"), "GET"), partner);

    assertThat(between(routes(open, other), routes(closed, other))).isTrue();
    assertThat(between(routes(closed, other), routes(open, other))).isFalse();
  }

  /** The first route that matches decides. */
  @Test
  void aNarrowerRouteBeforeAnotherTakesAway() {
    var open = withCallers(route("orders", ORDERS, "GET"), EDGE, BATCH);
    var narrow = withCallers(route("narrow", ORDERS, "GET"), EDGE);

    assertThat(between(routes(open), routes(narrow, open))).isTrue();
  }

  @Test
  void whatIsNoMatterOfCallersTakesNothing() {
    var orders = withCallers(route("orders", ORDERS, "GET"), EDGE);
    var quicker =
        withTimeout(withCallers(route("other-name", ORDERS, "GET"), EDGE), Duration.ofSeconds(1));
    var other = withCallers(route("other", new PathMatch.Exact("/other"), "GET"), EDGE);

    assertThat(between(routes(orders), routes(quicker))).isFalse();
    assertThat(between(routes(orders, other), routes(orders))).isFalse();
  }

  @Test
  void whatIsEnforcedAgainTakesAway() {
    var one = route("one", new PathMatch.Exact("/one"), "GET");
    var enforced = routes(one);
    var policy = Intents.shadow(new Shadow.OfPolicy(List.of("one"), Duration.ofSeconds(15)));
    var itsRoute = Intents.shadow(new Shadow.OfRoutes(List.of("one")));

    assertThat(between(policy.apply(enforced), enforced)).isTrue();
    assertThat(between(policy.apply(enforced), itsRoute.apply(enforced))).isTrue();
    assertThat(between(itsRoute.apply(enforced), enforced)).isTrue();
    assertThat(between(itsRoute.apply(enforced), routes())).isFalse();
    assertThat(between(itsRoute.apply(enforced), policy.apply(enforced))).isFalse();
    assertThat(between(enforced, policy.apply(enforced))).isFalse();
  }

  @Test
  void webSocketsOfAPathAreComparedWithWebSockets() {
    var plain = withCallers(route("orders", ORDERS, "GET"), EDGE);
    var open = withCallers(route("live", ORDERS, "GET"), EDGE, BATCH).ofWebSockets();
    var closed = withCallers(route("live", ORDERS, "GET"), EDGE).ofWebSockets();

    assertThat(between(routes(open, plain), routes(closed, plain))).isTrue();
    assertThat(between(routes(plain, open), routes(plain, open))).isFalse();
    // What nobody can open any more, those who could have lost where others have the path.
    assertThat(between(routes(open), routes(plain))).isTrue();
  }

  private static boolean between(BackendIntent before, BackendIntent after) {
    return new Tightening(before, after).takesAnything();
  }

  private static Arguments edit(String what, List<Caller> before, List<Caller> after) {
    return Arguments.of(Named.of(what, before), after);
  }

  private static List<Caller> of(Caller... callers) {
    return List.of(callers);
  }

  private static Caller from(Trust trust, SubjectName... names) {
    return new Caller("partner", ANYWHERE, new Outside(trust, List.of(names)));
  }

  private static Caller from(Trust trust, Origin origin) {
    return new Caller("partner", origin, new Outside(trust, List.of(CLIENT)));
  }

  private static Trust trust(String secret, String lists, List<String> serverNames) {
    var revocations =
        Optional.of(lists).filter(key -> !key.isEmpty()).map(key -> new Trust.File(secret, key));
    return new Trust(
        new Trust.Source(new Trust.File(secret, "ca.crt"), revocations),
        serverNames,
        new Material.Usable("PEM", new Trust.Revocation.Unchecked()));
  }

  private static Trust holding(Material material) {
    return new Trust(PARTNER.source(), PARTNER.serverNames(), material);
  }

  private static Caller at(Origin origin) {
    return caller("edge", origin, "spiffe://m/edge");
  }

  private static Origin addresses(String... cidrs) {
    return new Origin.Addresses(List.of(cidrs), List.of());
  }

  private static Origin labelled(Map<String, String> labels) {
    return new Origin.LocalPods(new PodSelector(labels, List.of()));
  }

  private static BackendIntent callers(List<Caller> callers) {
    var sample = Intents.sample(8080, 8443, Intents.routes());
    return new BackendIntent(
        sample.key(),
        sample.selector(),
        sample.application(),
        sample.inbound(),
        callers,
        List.of(),
        sample.limits(),
        sample.timeouts(),
        sample.headers(),
        sample.mesh());
  }

  @ParameterizedTest
  @CsvSource({
    "a network is blocked, '', 10.0.0.0/8, true",
    "another network is blocked, 10.0.0.0/8, 10.0.0.0/8 11.0.0.0/8, true",
    "a larger network is blocked, 10.1.0.0/16, 10.0.0.0/8, true",
    "a smaller network is blocked, 10.0.0.0/8, 10.1.0.0/16, false",
    "no network is blocked any more, 10.0.0.0/8, '', false",
    "all stays as it is, 10.0.0.0/8, 10.0.0.0/8, false"
  })
  void aBlockedNetworkTakesFromThoseWhoCallFromThere(
      String ignored, String before, String after, boolean takes) {
    assertThat(new Tightening(blocking(before), blocking(after)).takesAnything()).isEqualTo(takes);
  }

  private static BackendIntent blocking(String cidrs) {
    return Intents.sample(
        8080, 8443, cidrs.isEmpty() ? Intents.NONE : Intents.blocked(cidrs.split(" ")));
  }

  private static BackendIntent routes(Route... routes) {
    return Intents.sample(8080, 8443, Intents.routes(routes));
  }
}
