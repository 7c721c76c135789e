package dev.portcullis.operator.envoytest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.bootstrap.contract.ProbePaths;
import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoy.EnvoyTranslator;
import dev.portcullis.operator.envoytest.TestPki.Credential;
import dev.portcullis.operator.envoytest.TestPki.LeafShape;
import dev.portcullis.operator.intent.Epoch;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;

/** One backend's gate: the real Envoy before an application, fed with translated intents. */
public final class Gate implements AutoCloseable {

  private static final Duration IN_FORCE = Duration.ofSeconds(20);
  private static final Duration LOGGED = Duration.ofSeconds(10);

  /** In no pod's certificate; the one caller over HTTP/3 that there is here insists on a name. */
  static final String HOST = "orders.test";

  private static final LeafShape SHAPE =
      LeafShape.named(
          "leaf",
          List.of(
              new GeneralName(GeneralName.uniformResourceIdentifier, Intents.BACKEND),
              new GeneralName(GeneralName.dNSName, HOST)));

  private final TestPki pki = TestPki.create();
  private final EchoBackend application = EchoBackend.start();
  private final int port = FreePort.next();
  private final LocalFiles files;
  private final UnaryOperator<Listener> tampering;
  private final EnvoyProcess envoy;
  private Epoch epoch = Epoch.FIRST;
  private long generation;
  private EnvoyResources served;

  private Gate(Path home, Opening opening, String... options) {
    files = new LocalFiles(home);
    tampering = opening.tampering();
    files.writeSecrets(
        opening.key().map(key -> pki.issue(SHAPE, key)).orElseGet(() -> pki.issue(SHAPE)),
        pki.trustBundle());
    write(opening.change());
    envoy = EnvoyProcess.start(home, bootstrap(), options);
    awaitServed();
  }

  private record Opening(
      Intents.Change change, Optional<KeyPair> key, UnaryOperator<Listener> tampering) {}

  /** Opens a gate for the sample backend, changed as told; its files are gone when the JVM is. */
  public static Gate open(Intents.Change change, String... options) {
    return open(new Opening(change, Optional.empty(), UnaryOperator.identity()), options);
  }

  /** With a certificate for this key. */
  public static Gate openWithKey(KeyPair key, Intents.Change change) {
    return open(new Opening(change, Optional.of(key), UnaryOperator.identity()));
  }

  /** With another listener than Portcullis would make, to show what it is made against. */
  public static Gate openTampered(Intents.Change change, UnaryOperator<Listener> tampering) {
    return open(new Opening(change, Optional.empty(), tampering));
  }

  private static Gate open(Opening opening, String... options) {
    try {
      return new Gate(Files.createTempDirectory("gate"), opening, options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on connections from before are cut; returns when the proxy itself says so. */
  public EnvoyResources begin(Epoch next, Intents.Change change) {
    epoch = next;
    return serve(change);
  }

  /** From now on it is this generation of a policy; returns when the proxy itself says so. */
  public EnvoyResources edit(long next, Intents.Change change) {
    generation = next;
    return serve(change);
  }

  /** Replaces the roots that callers must chain to. */
  public void trust(TestPki... authorities) {
    var roots = Arrays.stream(authorities).map(TestPki::trustBundle).collect(Collectors.joining());
    files.writeSecrets(pki.issue(SHAPE), roots);
  }

  /** Serves another intent from now on; returns when the proxy itself says so. */
  public EnvoyResources serve(Intents.Change change) {
    write(change);
    awaitServed();
    return served;
  }

  /** Delivers another intent's routes and leaves its listener behind. */
  public EnvoyResources serveRoutesOnly(Intents.Change change) {
    var next = translate(change);
    files.write("routes", next.version(), List.of(next.routes()));
    var operator = as(Intents.OPERATOR);
    await()
        .atMost(IN_FORCE)
        .ignoreExceptions()
        .until(() -> operator.get(ProbePaths.SERVED_VERSION).body().equals(next.version()));
    return next;
  }

  public TestPki pki() {
    return pki;
  }

  public EchoBackend application() {
    return application;
  }

  public EnvoyProcess envoy() {
    return envoy;
  }

  public EnvoyResources served() {
    return served;
  }

  public int port() {
    return port;
  }

  /** A client with a well-made certificate for this identity. */
  public MtlsClient as(String spiffeId) {
    return with(pki.issue(spiffeId));
  }

  public MtlsClient with(Credential credential) {
    return MtlsClient.to(port, credential);
  }

  /** A caller over HTTP/3, to be closed. */
  public Http3Caller overHttp3(Credential credential) {
    return overHttp3(Optional.of(credential), "127.0.0.1");
  }

  /** A caller over HTTP/3, with or without a certificate, from this address of loopback. */
  public Http3Caller overHttp3(Optional<Credential> credential, String address) {
    return new Http3Caller(port, pki.trustBundle(), credential, address);
  }

  /** The access log's line that holds all these parts, once it is written. */
  public String logged(String... parts) {
    await()
        .atMost(LOGGED)
        .untilAsserted(() -> assertThat(envoy.accessLog()).anyMatch(line -> holdsAll(line, parts)));
    return envoy.accessLog().stream()
        .filter(line -> holdsAll(line, parts))
        .findFirst()
        .orElseThrow();
  }

  private static boolean holdsAll(String line, String... parts) {
    return Arrays.stream(parts).allMatch(line::contains);
  }

  private void write(Intents.Change change) {
    served = translate(change);
    files.write("clusters", served.version(), files.localised(served.clusters()));
    files.write("routes", served.version(), List.of(served.routes()));
    var listener = tampering.apply(files.localised(served.listener()));
    var listeners =
        Stream.concat(Stream.of(listener), served.http3().map(files::localised).stream());
    files.write("listeners", served.version(), listeners.toList());
  }

  private EnvoyResources translate(Intents.Change change) {
    var intent = Intents.sample(application.port(), port, change);
    return new EnvoyTranslator().translate(intent, epoch, generation);
  }

  private void awaitServed() {
    var operator = as(Intents.OPERATOR);
    try {
      await()
          .atMost(IN_FORCE)
          .pollInterval(Duration.ofMillis(20))
          .ignoreExceptions()
          .untilAsserted(
              () -> {
                var answer = operator.get(ProbePaths.SERVED_VERSION);
                assertThat(answer.body()).isEqualTo(served.version());
                assertThat(answer.header(EnvoyNames.LISTENER_HEADER))
                    .isPresent()
                    .isEqualTo(answer.header(EnvoyNames.LISTENER_WANTED_HEADER));
              });
    } catch (RuntimeException | Error e) {
      throw new AssertionError("not served; Envoy says:\n" + envoy.log(), e);
    }
  }

  private Bootstrap.Builder bootstrap() {
    var bootstrap = Bootstrap.newBuilder();
    bootstrap.getNodeBuilder().setId("gate").setCluster("test");
    bootstrap
        .getDynamicResourcesBuilder()
        .setLdsConfig(files.source("listeners"))
        .setCdsConfig(files.source("clusters"));
    return bootstrap;
  }

  @Override
  public void close() {
    envoy.close();
    application.close();
  }
}
