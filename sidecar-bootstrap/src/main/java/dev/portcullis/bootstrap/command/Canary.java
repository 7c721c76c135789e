package dev.portcullis.bootstrap.command;

import dev.portcullis.bootstrap.render.CanaryBootstrap;
import dev.portcullis.bootstrap.render.CanarySecrets;
import dev.portcullis.bootstrap.render.Layout;
import java.util.Map;

/**
 * Prepares the Envoy beside the operator. Its secrets are thrown away with it: they only let it
 * accept listeners that refer to the files of a real pod.
 */
public record Canary(Map<String, String> variables, Layout layout) {

  /** Returns a line for the log. */
  public String run() throws Refusal {
    var port = new Environment(variables).canaryPort();
    var pair = SelfSigned.generate();
    ConfigFiles.write(layout.identitySds(), CanarySecrets.identity(pair.key(), pair.certificate()));
    ConfigFiles.write(layout.trustSds(), CanarySecrets.trust(pair.certificate()));
    ConfigFiles.write(layout.tokenSds(), CanarySecrets.token());
    ConfigFiles.write(layout.envoyBootstrap(), CanaryBootstrap.of(port, layout.adminSocket()));
    return "The canary is prepared; it asks 127.0.0.1:" + port + ".";
  }
}
