package dev.portcullis.operator.envoy;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.intent.RateLimit;
import dev.portcullis.operator.intent.RateLimit.Key;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.GenericKey;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.HeaderValueMatch;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.MaskedRemoteAddress;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.MetaData;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action.RequestHeaders;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.RateLimitDescriptor.Entry;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey.PathSegment;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which count a request goes to, said twice: by actions, which find a client's name in a request,
 * and by the entries of the bucket that has this name.
 *
 * <p>Envoy leaves a request uncounted in which an action finds nothing, so a header has two counts:
 * one for each of its values, and one for requests without it.
 */
record Counts(RateLimit limit) {

  private static final String LIMIT = "limit";
  private static final int WHOLE_IPV4_ADDRESS = 32;
  // What a provider gives to one customer, who may call from each address in it.
  private static final int NETWORK_OF_ONE_IPV6_CLIENT = 64;

  // No client can be called so.
  private static final String NO_CLIENT = "-";

  /** One action with the entry that it makes; no value stands for any. */
  private record Part(Action action, Entry entry) {}

  /** A request of this route counts for its client and for all clients. */
  List<io.envoyproxy.envoy.config.route.v3.RateLimit> of(String route) {
    return Stream.concat(clientParts(route).stream(), Stream.of(List.of(named())))
        .map(
            parts ->
                io.envoyproxy.envoy.config.route.v3.RateLimit.newBuilder()
                    .addAllActions(parts.stream().map(Part::action).toList())
                    .build())
        .toList();
  }

  /** The ways in which a request of this route may be counted for its client, or with all. */
  List<List<Action>> ofClientsOf(String route) {
    var ways = limit.per().isEmpty() ? List.of(List.of(named())) : clientParts(route);
    return ways.stream().map(parts -> parts.stream().map(Part::action).toList()).toList();
  }

  List<List<Entry>> ofOneClient() {
    return clientParts("").stream().map(parts -> parts.stream().map(Part::entry).toList()).toList();
  }

  List<Entry> ofAllClients() {
    return List.of(named().entry());
  }

  private List<List<Part>> clientParts(String route) {
    if (limit.per().isEmpty()) {
      return List.of();
    }
    var ways = Stream.of(List.of(named()));
    for (var key : limit.per()) {
      var parts = parts(key, route);
      ways = ways.flatMap(way -> parts.stream().map(next -> with(way, next)));
    }
    return ways.toList();
  }

  private static List<Part> with(List<Part> way, List<Part> next) {
    return Stream.concat(way.stream(), next.stream()).toList();
  }

  private Part named() {
    return new Part(generic(LIMIT, limit.name()), entry(LIMIT).setValue(limit.name()).build());
  }

  /** The ways in which a request can be counted by this key. */
  private static List<List<Part>> parts(Key key, String route) {
    return switch (key) {
      case Key.ClientAddress() -> List.of(List.of(address()));
      case Key.CallerIdentity() -> List.of(List.of(header(EnvoyNames.CALLER_HEADER, "caller")));
      case Key.OfRoute() ->
          List.of(List.of(new Part(generic("route", route), entry("route").build())));
      case Key.Header(var name) -> List.of(List.of(header(name, "header")), List.of(without(name)));
      case Key.Claim(var name) -> {
        var claim = CountedClaims.header(name);
        yield List.of(
            List.of(header(CountedClaims.ISSUER, "issuer"), header(claim, "claim")),
            List.of(without(claim)));
      }
      case Key.Client() -> List.of(List.of(client()));
    };
  }

  private static Part client() {
    var name =
        MetadataKey.newBuilder()
            .setKey(FilterNames.API_KEYS)
            .addPath(PathSegment.newBuilder().setKey("client"));
    return new Part(
        Action.newBuilder()
            .setMetadata(
                MetaData.newBuilder()
                    .setDescriptorKey("client")
                    .setMetadataKey(name)
                    .setDefaultValue(NO_CLIENT)
                    .setSource(MetaData.Source.DYNAMIC))
            .build(),
        entry("client").build());
  }

  private static Part address() {
    return new Part(
        Action.newBuilder()
            .setMaskedRemoteAddress(
                MaskedRemoteAddress.newBuilder()
                    .setV4PrefixMaskLen(UInt32Value.of(WHOLE_IPV4_ADDRESS))
                    .setV6PrefixMaskLen(UInt32Value.of(NETWORK_OF_ONE_IPV6_CLIENT)))
            .build(),
        entry("masked_remote_address").build());
  }

  private static Part header(String name, String key) {
    return new Part(
        Action.newBuilder()
            .setRequestHeaders(
                RequestHeaders.newBuilder().setHeaderName(name).setDescriptorKey(key))
            .build(),
        entry(key).build());
  }

  private static Part without(String name) {
    var filled = StringMatcher.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex(".+"));
    return new Part(
        Action.newBuilder()
            .setHeaderValueMatch(
                HeaderValueMatch.newBuilder()
                    .setDescriptorKey("without_header")
                    .setDescriptorValue(name)
                    .setExpectMatch(BoolValue.of(false))
                    .addHeaders(HeaderMatcher.newBuilder().setName(name).setStringMatch(filled)))
            .build(),
        entry("without_header").setValue(name).build());
  }

  private static Action generic(String key, String value) {
    return Action.newBuilder()
        .setGenericKey(GenericKey.newBuilder().setDescriptorKey(key).setDescriptorValue(value))
        .build();
  }

  private static Entry.Builder entry(String key) {
    return Entry.newBuilder().setKey(key);
  }
}
