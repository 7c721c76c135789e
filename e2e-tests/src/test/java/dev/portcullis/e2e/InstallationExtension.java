package dev.portcullis.e2e;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;

/** Makes the installation once a run, closes it at the end. */
final class InstallationExtension implements ExecutionCondition, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(InstallationExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (Environment.givenCluster().isPresent()
        || DockerClientFactory.instance().isDockerAvailable()) {
      return ConditionEvaluationResult.enabled("there is a cluster or an engine to make one");
    }
    System.err.println(
        """
        ############################################################################
        # SKIPPED: no container engine answers and PORTCULLIS_E2E_KUBECONFIG is not
        # set. Nothing of what these tests claim has been seen on this machine.
        ############################################################################""");
    return ConditionEvaluationResult.disabled("no container engine and no given cluster");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Installation.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(Installation.class, type -> Installation.install(), Installation.class);
  }
}
