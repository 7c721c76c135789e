package dev.portcullis.operator.watch.delivery;

import dev.portcullis.operator.envoy.EnvoyResources;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.Epoch;
import dev.portcullis.operator.resolve.BackendView;
import dev.portcullis.operator.resolve.Resolution;
import java.util.Map;

/**
 * The two pure arrows, as the fast path uses them.
 *
 * <p>Their being values lets a test put a policy through that breaks either of them.
 */
public interface Gate {

  Resolution resolve(BackendView view);

  /**
   * @param generation of the policy; 0 where there is none
   * @param annotations those of the policy; without effect unless the operator runs with its test
   *     hooks on
   */
  EnvoyResources translate(
      BackendIntent intent, Epoch epoch, long generation, Map<String, String> annotations);
}
