package dev.portcullis.operator.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.http.router.v3.Router;
import org.junit.jupiter.api.Test;

/** A version is the content's identity. */
class ContentTest {

  private static RouteConfiguration.Builder routes() {
    return RouteConfiguration.newBuilder().setName("inbound");
  }

  private static String version(RouteConfiguration.Builder routes) {
    return Content.of(ResourceType.ROUTE, "inbound", routes.build()).version();
  }

  @Test
  void itIs128BitsInHexAndTheSameInEveryProcess() {
    // Then
    assertThat(version(routes())).isEqualTo("f59c597bbdc7e2e0886c45cc879f1cbe");
  }

  @Test
  void itDoesNotDependOnTheOrderInWhichAMapWasFilled() {
    // Given
    var config = Any.pack(Router.getDefaultInstance());
    var one = routes().putTypedPerFilterConfig("a", config).putTypedPerFilterConfig("b", config);
    var two = routes().putTypedPerFilterConfig("b", config).putTypedPerFilterConfig("a", config);
    // Then
    assertThat(version(one)).isEqualTo(version(two)).isNotEqualTo(version(routes()));
  }

  @Test
  void whatIsSentIsWhatWasHashed() throws Exception {
    // Given
    var routes = Resources.answering("one").build().routes();
    // When
    var content = Content.of(ResourceType.ROUTE, "inbound", routes);
    // Then
    assertThat(content.message().getVersion()).isEqualTo(content.version());
    assertThat(content.message().getResource().unpack(RouteConfiguration.class)).isEqualTo(routes);
  }
}
