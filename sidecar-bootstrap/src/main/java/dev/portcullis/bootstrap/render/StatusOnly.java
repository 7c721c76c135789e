package dev.portcullis.bootstrap.render;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.github.xds.type.matcher.v3.Matcher;
import io.envoyproxy.envoy.extensions.filters.http.custom_response.v3.CustomResponse;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.envoyproxy.envoy.extensions.http.custom_response.local_response_policy.v3.LocalResponsePolicy;

/**
 * Keeps of the application's reply the status alone. Its body and headers may tell of versions and
 * dependencies, and a {@code Location} would lead the kubelet to a path that is not served here.
 */
final class StatusOnly {

  private StatusOnly() {}

  static HttpFilter filter() {
    var empty =
        TypedExtensionConfig.newBuilder()
            .setName("status-only")
            .setTypedConfig(
                TypedConfig.of(
                    "envoy.extensions.http.custom_response.local_response_policy.v3"
                        + ".LocalResponsePolicy",
                    LocalResponsePolicy.getDefaultInstance()));
    var always = Matcher.newBuilder().setOnNoMatch(Matcher.OnMatch.newBuilder().setAction(empty));
    return HttpFilter.newBuilder()
        .setName("envoy.filters.http.custom_response")
        .setTypedConfig(
            TypedConfig.of(
                "envoy.extensions.filters.http.custom_response.v3.CustomResponse",
                CustomResponse.newBuilder().setCustomResponseMatcher(always).build()))
        .build();
  }
}
