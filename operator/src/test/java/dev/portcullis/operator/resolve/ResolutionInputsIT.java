package dev.portcullis.operator.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portcullis.api.v1alpha1.ApiBackendPolicy;
import dev.portcullis.operator.apiserver.ApiServer;
import dev.portcullis.operator.golden.BackendViews;
import dev.portcullis.operator.golden.GoldenFolder;
import dev.portcullis.operator.resolve.Resolution.Unresolved;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sends the policies of the golden folders to a real API server: what the resolver takes, the
 * server takes too, and the server's defaults mean what the resolver's do.
 */
class ResolutionInputsIT {

  private static KubernetesClient client;

  @BeforeAll
  static void installTheCrd() throws IOException {
    client = ApiServer.admin();
    var crd = "/crds/apibackendpolicies.portcullis.dev-v1.yaml";
    try (var yaml = ApiBackendPolicy.class.getResourceAsStream(crd)) {
      client.load(yaml).forceConflicts().serverSideApply();
    }
    client
        .apiextensions()
        .v1()
        .customResourceDefinitions()
        .withName("apibackendpolicies.portcullis.dev")
        .waitUntilCondition(ResolutionInputsIT::isEstablished, 30, TimeUnit.SECONDS);
    client
        .resource(new NamespaceBuilder().withNewMetadata().withName("shop").endMetadata().build())
        .serverSideApply();
  }

  @AfterAll
  static void close() {
    client.close();
  }

  @ParameterizedTest
  @MethodSource("casesOfSchemaTruePolicies")
  void theServerTakesItAndItsDefaultsChangeNothing(GoldenFolder folder) {
    var view = BackendViews.of(folder);
    var created = view.policy().getMetadata().getCreationTimestamp();

    var defaulted = client.resource(view.policy()).dryRun().create();

    defaulted.getMetadata().setCreationTimestamp(created);
    var asStored =
        new BackendView(
            defaulted,
            view.rivals(),
            view.pods(),
            view.mesh(),
            view.neighbours(),
            view.trusts(),
            view.keys(),
            view.keySets(),
            view.document(),
            view.descriptors(),
            view.servingPods());
    assertThat(PolicyResolver.resolve(asStored)).isEqualTo(PolicyResolver.resolve(view));
  }

  /** All but those that the resolver finds invalid; most of them the server refuses as well. */
  private static Stream<GoldenFolder> casesOfSchemaTruePolicies() {
    return GoldenFolder.casesOf("translation")
        .filter(folder -> !isInvalid(PolicyResolver.resolve(BackendViews.of(folder))));
  }

  private static boolean isInvalid(Resolution resolution) {
    return resolution instanceof Unresolved(var problems)
        && problems.stream().anyMatch(each -> each.reason() == Problem.Reason.Invalid);
  }

  private static boolean isEstablished(CustomResourceDefinition crd) {
    return crd != null
        && crd.getStatus() != null
        && crd.getStatus().getConditions() != null
        && crd.getStatus().getConditions().stream()
            .anyMatch(each -> each.getType().equals("Established"));
  }
}
