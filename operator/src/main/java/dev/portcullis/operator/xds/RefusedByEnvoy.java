package dev.portcullis.operator.xds;

import dev.portcullis.operator.envoy.EnvoyResources;

/**
 * A test hook: a configuration that is well-formed and that every Envoy refuses. Nothing in the
 * operator reaches it unless its test hooks are switched on.
 */
public final class RefusedByEnvoy {

  private RefusedByEnvoy() {}

  /** The same configuration with its filter chain twice, which makes the choice ambiguous. */
  public static EnvoyResources of(EnvoyResources good) {
    var listener = good.listener().toBuilder();
    for (var chain : good.listener().getFilterChainsList()) {
      listener.addFilterChains(chain.toBuilder().setName(chain.getName() + "-again"));
    }
    return new EnvoyResources(
        good.version() + "-refused",
        listener.build(),
        good.http3(),
        good.routes(),
        good.clusters(),
        good.calls());
  }
}
