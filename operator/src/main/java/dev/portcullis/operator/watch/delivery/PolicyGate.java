package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.envoy.EnvoyTranslator;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.PolicyResolver;
import dev.portcullis.operator.resolve.Resolution;
import java.util.Map;

/** The real arrows. */
public final class PolicyGate implements Gate {

  /** Whether policies may break their own configuration on purpose. */
  public enum TestHooks {
    ON,
    OFF
  }

  private final EnvoyTranslator translator = new EnvoyTranslator();
  private final TestHooks hooks;

  public PolicyGate(TestHooks hooks) {
    this.hooks = hooks;
  }

  @Override
  public Resolution resolve(BackendView view) {
    return PolicyResolver.resolve(view);
  }

  @Override
  public EnvoyResources translate(
      BackendIntent intent, Epoch epoch, long generation, Map<String, String> annotations) {
    var resources = translator.translate(intent, epoch, generation);
    return switch (hooks) {
      case OFF -> resources;
      case ON -> TestBreak.of(annotations).applyTo(resources);
    };
  }
}
