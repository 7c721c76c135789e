package dev.portcullis.operator.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.bootstrap.contract.Capture;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hostNetwork: true                          | it uses the node's network, which the gate cannot close; remove hostNetwork.
          hostPID: true                              | it sees the node's processes, and so the sidecar's key; remove hostPID.
          shareProcessNamespace: true                | its containers see each other's processes, and so the sidecar's key; remove shareProcessNamespace.
          os: {name: windows}                        | it asks for Windows, and the sidecar runs on Linux only.
          securityContext: {runAsUser: 61021}        | it runs as user 61021, which is the sidecar's; set another runAsUser.
          volumes: [{name: portcullis-identity, emptyDir: {}}] | its volume portcullis-identity has a name of Portcullis' own; give it another one.
          volumes: [{name: portcullis-config, emptyDir: {}}]   | its volume portcullis-config has a name of Portcullis' own; give it another one.
          initContainers: [{name: portcullis-init, image: a}]  | its container portcullis-init has a name of Portcullis' own; give it another one.
          initContainers: [{name: portcullis-proxy, image: a, restartPolicy: Always}] | its container portcullis-proxy has a name of Portcullis' own; give it another one.
          """)
  void refusesAPodThatUndoesTheGate(String field, String sentence) {
    assertRefused("{%s, containers: [{name: app, image: a}]}".formatted(field), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          volumeMounts: [{name: portcullis-token, mountPath: /t}] | its container app mounts portcullis-token, which is the sidecar's alone; remove the mount.
          securityContext: {runAsUser: 61021}    | its container app runs as user 61021, which is the sidecar's; set another runAsUser.
          ports: [{containerPort: 8443}]         | its container app uses port 8443, which is the sidecar's; use another one, or another spec.listener.port.
          ports: [{containerPort: 15021}]        | its container app uses port 15021, which is the sidecar's; use another one, or another spec.listener.port.
          lifecycle: {preStop: {httpGet: {port: 80, path: /stop}}} | its container app has a lifecycle hook over HTTP, which the gate would have to let in from anyone; use exec or sleep.
          lifecycle: {postStart: {httpGet: {port: 80}}} | its container app has a lifecycle hook over HTTP, which the gate would have to let in from anyone; use exec or sleep.
          ports: [{containerPort: 15006, protocol: TCP}] | its container app uses port 15006, which is the sidecar's; use another one, or another spec.listener.port.
          """)
  void refusesAContainerInTheSidecarsPlace(String field, String sentence) {
    assertRefused("{containers: [{name: app, image: a, %s}]}".formatted(field), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          httpGet: {port: 80, host: 10.1.1.1}          | asks host 10.1.1.1, which the sidecar would not; remove host.
          httpGet: {port: 80, httpHeaders: [{name: a, value: b}]} | sends headers of its own, which the sidecar would not; remove httpHeaders, or use an exec probe.
          httpGet: {port: 80, path: '/a b'}            | has a path with blanks, control characters or '#'; escape them as in a URL.
          httpGet: {port: 80, path: "/a\\nhttp 1 /b"}  | has a path with blanks, control characters or '#'; escape them as in a URL.
          httpGet: {port: 80, path: '/a#b'}            | has a path with blanks, control characters or '#'; escape them as in a URL.
          httpGet: {port: admin}                       | asks port 'admin', which the container does not have; name one of its ports, or give the number.
          httpGet: {port: 0}                           | has no port from 1 to 65535; correct it.
          httpGet: {port: 15021}                       | asks port 15021, which is the sidecar's; use another port.
          httpGet: {port: 15090}                       | asks port 15090, which is the sidecar's; use another port.
          tcpSocket: {port: 80, host: db}              | asks host db, which the sidecar would not; remove host.
          tcpSocket: {port: 70000}                     | has no port from 1 to 65535; correct it.
          grpc: {port: 90, service: "a b"}             | asks for a service with blanks or control characters in its name; rename it.
          """,
      quoteCharacter = '`')
  void refusesAProbeThatItCannotKeep(String probe, String sentence) {
    assertRefused(
        "{containers: [{name: app, image: a, livenessProbe: {%s}}]}".formatted(probe),
        "the livenessProbe of its container app " + sentence);
  }

  @Test
  void refusesAPolicyWhoseNameIsNoLabel() {
    // Given
    var plan =
        new InjectionPlan(
            "o".repeat(64), Capture.REDIRECT, 8443, 0, 1, "ECDSAP256", Templates.REVOCATION);
    // When
    var decision = Templates.injector(plan).decide("shop", pod("{containers: []}"));
    // Then
    assertThat(decision)
        .isInstanceOfSatisfying(
            InjectionDecision.Refuse.class,
            refusal -> assertThat(refusal.message()).contains("longer than 63 characters"));
  }

  @Test
  void udpMayUseTheSameNumber() {
    var pod =
        pod("{containers: [{name: app, image: a, ports: [{containerPort: 8443, protocol: UDP}]}]}");
    assertThat(Templates.injector(Templates.REDIRECT).decide("shop", pod))
        .isInstanceOf(InjectionDecision.Inject.class);
  }

  @Test
  void leavesAPodAloneThatNoPolicySelects() {
    var pod = pod("{hostNetwork: true, containers: []}");
    pod.getMetadata().setLabels(Map.of("app", "search"));
    assertThat(Templates.injector(Templates.REDIRECT).decide("shop", pod))
        .isEqualTo(new InjectionDecision.Skip("no ApiBackendPolicy selects the pod"));
  }

  @Test
  void letsNoPodInBeforeAllPoliciesAreKnown() {
    // Given
    var starting =
        new Plans() {
          @Override
          public boolean isComplete() {
            return false;
          }

          @Override
          public Optional<String> illegibleIn(String namespace) {
            return Optional.empty();
          }

          @Override
          public Optional<InjectionPlan> planFor(String namespace, Map<String, String> labels) {
            return Optional.empty();
          }
        };
    // Then
    assertThat(new Injector(starting, Templates.TEMPLATE).decide("shop", pod("{containers: []}")))
        .isInstanceOf(InjectionDecision.Wait.class);
  }

  @Test
  void letsNoPodInThatAnIllegiblePolicyMaySelect() {
    // Given
    var newer = new Illegible(Templates.forOrders(Templates.REDIRECT));
    var injector = new Injector(newer, Templates.TEMPLATE);
    // Then
    assertThat(injector.decide("shop", labelled("search")))
        .isInstanceOfSatisfying(
            InjectionDecision.Wait.class,
            told -> assertThat(told.message()).contains("ApiBackendPolicy future"));
    assertThat(injector.decide("shop", labelled("orders")))
        .isInstanceOf(InjectionDecision.Inject.class);
  }

  /** Knows the same policies, and one of which nothing but the name can be read. */
  private record Illegible(Plans known) implements Plans {

    @Override
    public boolean isComplete() {
      return true;
    }

    @Override
    public Optional<String> illegibleIn(String namespace) {
      return Optional.of("future");
    }

    @Override
    public Optional<InjectionPlan> planFor(String namespace, Map<String, String> labels) {
      return known.planFor(namespace, labels);
    }
  }

  private static Pod labelled(String app) {
    var pod = pod("{containers: [{name: app, image: a}]}");
    pod.getMetadata().setLabels(Map.of("app", app));
    return pod;
  }

  private static void assertRefused(String spec, String sentence) {
    assertThat(Templates.injector(Templates.REDIRECT).decide("shop", pod(spec)))
        .isEqualTo(
            new InjectionDecision.Refuse(
                "ApiBackendPolicy orders selects this pod, but its sidecar cannot be injected: "
                    + sentence));
  }

  private static Pod pod(String spec) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: orders, labels: {app: orders}}
        spec: %s
        """
            .formatted(spec),
        Pod.class);
  }
}
