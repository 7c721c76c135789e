package dev.portcullis.operator.envoy;

import static dev.portcullis.operator.envoytest.Intents.route;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.portcullis.operator.envoytest.Intents;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Headers.Edits;
import dev.portcullis.operator.intent.Headers.Hardening;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.PathMatch;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution.Resolved;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvoyTranslatorTest {

  private static final Intents.Change OTHER_ROUTES =
      Intents.routes(route("a", new PathMatch.Exact("/a"), "GET"));
  private static final Intents.Change OTHER_LIMITS =
      Intents.limits(new Limits(1024, 10, 10, Duration.ofHours(1)));

  static Stream<GoldenFolder> cases() {
    return GoldenFolder.casesOf("translation");
  }

  /** Envoy ignores configuration for a filter that is not in the chain, without a word. */
  @ParameterizedTest
  @MethodSource("cases")
  void everyFilterThatARouteConfiguresIsInTheChain(GoldenFolder folder) throws Exception {
    if (PolicyResolver.resolve(BackendViews.of(folder)) instanceof Resolved(var intent)) {
      var resources = new EnvoyTranslator().translate(intent);
      var chain = filtersOf(resources.listener());

      for (var host : resources.routes().getVirtualHostsList()) {
        assertThat(configuredBy(host)).isSubsetOf(chain).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyRouteSaysWhoMayUseIt(GoldenFolder folder) {
    if (PolicyResolver.resolve(BackendViews.of(folder)) instanceof Resolved(var intent)) {
      var host = new EnvoyTranslator().translate(intent).routes().getVirtualHosts(0);

      assertThat(host.getRoutesList())
          .allMatch(each -> each.containsTypedPerFilterConfig(FilterNames.CALLER_RBAC))
          .allMatch(each -> each.containsTypedPerFilterConfig(FilterNames.PROOF_RBAC));
    }
  }

  /** Whichever feature adds it: who comes in by one must be cut by the next epoch. */
  @ParameterizedTest
  @MethodSource("cases")
  void everyChainThatAdmitsCallersCarriesTheEpoch(GoldenFolder folder) {
    if (PolicyResolver.resolve(BackendViews.of(folder)) instanceof Resolved(var intent)) {
      var before = chains(new EnvoyTranslator().translate(intent));
      var after = chains(new EnvoyTranslator().translate(intent, new Epoch(7, 0)));

      assertThat(after.keySet()).isEqualTo(before.keySet());
      after.forEach(
          (name, chain) -> {
            if (name.equals(RedirectProof.CHAIN)) {
              assertThat(chain).isEqualTo(before.get(name));
            } else {
              assertThat(chain).isNotEqualTo(before.get(name));
              var old = before.get(name).getMetadata().getFilterMetadataMap();
              assertThat(chain.getMetadata().getFilterMetadataMap())
                  .containsAllEntriesOf(old)
                  .containsKey("portcullis.epoch");
            }
          });
    }
  }

  private static Map<String, FilterChain> chains(EnvoyResources resources) {
    return resources.listener().getFilterChainsList().stream()
        .collect(Collectors.toMap(FilterChain::getName, chain -> chain));
  }

  private static Set<String> filtersOf(Listener listener) throws InvalidProtocolBufferException {
    var names = new TreeSet<String>();
    for (var chain : listener.getFilterChainsList()) {
      var last = chain.getFiltersList().getLast().getTypedConfig();
      if (last.is(HttpConnectionManager.class)) {
        last.unpack(HttpConnectionManager.class).getHttpFiltersList().stream()
            .map(HttpFilter::getName)
            .forEach(names::add);
      }
    }
    return names;
  }

  private static Set<String> configuredBy(VirtualHost host) {
    var names = new TreeSet<>(host.getTypedPerFilterConfigMap().keySet());
    host.getRoutesList().stream()
        .map(Route::getTypedPerFilterConfigMap)
        .forEach(configs -> names.addAll(configs.keySet()));
    return names;
  }

  @Test
  void equalIntentsGiveEqualBytes() {
    var first = translate(Intents.NONE);
    var second = translate(Intents.NONE);

    assertThat(second.version()).isEqualTo(first.version()).matches("[0-9a-f]{32}");
    assertThat(second.listener().toByteString()).isEqualTo(first.listener().toByteString());
    assertThat(second.routes().toByteString()).isEqualTo(first.routes().toByteString());
    assertThat(second.clusters()).isEqualTo(first.clusters());
  }

  @Test
  void theOrderInWhichHeaderRulesWereWrittenDoesNotMatter() {
    var one = new TreeMap<>(Map.of("a", "1", "b", "2"));
    var other = new TreeMap<String, String>(java.util.Comparator.reverseOrder());
    other.putAll(one);

    assertThat(translate(setting(other)).version()).isEqualTo(translate(setting(one)).version());
  }

  private static Intents.Change setting(Map<String, String> headers) {
    var nothing = new Edits(List.of(), Map.of(), Map.of());
    var edits = new Edits(List.of(), headers, Map.of());
    return Intents.headers(new Headers(edits, nothing, Hardening.HARDENED));
  }

  @Test
  void anEditOfRoutesIsANewVersionOfTheSameListener() {
    var before = translate(Intents.NONE);
    var after = translate(OTHER_ROUTES);

    assertThat(after.version()).isNotEqualTo(before.version());
    assertThat(after.listener()).isEqualTo(before.listener());
    assertThat(after.clusters()).isEqualTo(before.clusters());
  }

  @Test
  void anEditOfTheListenerIsANewVersion() {
    assertThat(translate(OTHER_LIMITS).version()).isNotEqualTo(translate(Intents.NONE).version());
  }

  @Test
  void noTextOfATenantIsAFormat() {
    assertThat(FormatText.literal("100% %ENVIRONMENT(X)%")).isEqualTo("100%% %%ENVIRONMENT(X)%%");
  }

  private static EnvoyResources translate(Intents.Change change) {
    return new EnvoyTranslator().translate(Intents.sample(8080, 8443, change));
  }
}
