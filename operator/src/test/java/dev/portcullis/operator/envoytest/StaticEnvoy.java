package dev.portcullis.operator.envoytest;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.portcullis.operator.envoy.EnvoyResources;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real Envoy with resources that never change: asked for its opinion of them, or run. */
public final class StaticEnvoy {

  /**
   * What Envoy has against these resources; empty when nothing.
   *
   * @param home an empty directory
   */
  public static String complaints(
      Path home, List<Listener> listeners, RouteConfiguration routes, List<Cluster> clusters) {
    var files = new LocalFiles(home);
    var pki = TestPki.create();
    files.writeSecrets(pki.issue(Intents.BACKEND), pki.trustBundle());
    var bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("golden").setCluster("test");
    listeners.forEach(
        each ->
            bootstrap
                .getStaticResourcesBuilder()
                .addListeners(withRoutes(files.localised(each), routes)));
    bootstrap.getStaticResourcesBuilder().addAllClusters(files.localised(clusters));
    return validate(home, bootstrap.build());
  }

  /**
   * A proxy that runs these resources; ends when closed.
   *
   * @param home an empty directory
   * @param pki issues the proxy's certificate, and is trusted with those of callers
   */
  public static EnvoyProcess run(Path home, TestPki pki, EnvoyResources resources) {
    var files = new LocalFiles(home);
    files.writeSecrets(pki.issue(Intents.BACKEND), pki.trustBundle());
    var bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("static").setCluster("test");
    bootstrap
        .getStaticResourcesBuilder()
        .addListeners(withRoutes(files.localised(resources.listener()), resources.routes()))
        .addAllClusters(resources.clusters());
    return EnvoyProcess.start(home, bootstrap);
  }

  private static Listener withRoutes(Listener listener, RouteConfiguration routes) {
    try {
      var whole = listener.toBuilder();
      for (var chain : whole.getFilterChainsBuilderList()) {
        var last = chain.getFiltersBuilderList().getLast();
        if (last.getTypedConfig().is(HttpConnectionManager.class)) {
          var http = last.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
          last.setTypedConfig(Any.pack(http.setRouteConfig(routes).build()));
        }
      }
      return whole.build();
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String validate(Path home, Bootstrap bootstrap) {
    try {
      var config = Files.write(home.resolve("bootstrap.pb"), bootstrap.toByteArray());
      var process =
          new ProcessBuilder(
                  EnvoyBinary.path().toString(),
                  "--mode",
                  "validate",
                  "-c",
                  config.toString(),
                  "-l",
                  "error")
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("validate.log").toFile())
              .start();
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "no answer within 30 s";
      }
      var said = Files.readString(home.resolve("validate.log"), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? "" : said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private StaticEnvoy() {}
}
