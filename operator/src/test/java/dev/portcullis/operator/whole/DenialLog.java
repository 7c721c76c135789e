package dev.portcullis.operator.whole;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** What the gate of one pod says about connections that it did not let in. */
record DenialLog(Gated pod) {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String CONNECTION = "\"event\":\"connection\"";

  List<String> connections() {
    return pod.sandbox().log("envoy").lines().filter(line -> line.contains(CONNECTION)).toList();
  }

  /** The one line that this causes, in addition to all before. */
  String lineAfter(Runnable attempt) {
    var before = connections().size();
    attempt.run();
    await().atMost(PATIENCE).until(() -> connections().size() > before);
    return connections().get(before);
  }
}
