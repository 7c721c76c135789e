package dev.portcullis.bootstrap.command;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.SidecarPorts;
import dev.portcullis.bootstrap.redirect.Nft;
import dev.portcullis.bootstrap.redirect.RedirectRules;
import dev.portcullis.bootstrap.render.FileSecrets;
import dev.portcullis.bootstrap.render.Layout;
import dev.portcullis.bootstrap.render.SidecarBootstrap;
import dev.portcullis.bootstrap.render.SidecarSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Prepares an injected pod for Envoy: everything is checked first, then the files are written, then
 * the redirect is set. Running it again does the same again.
 */
public record Prepare(Map<String, String> variables, Layout layout) {

  private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

  /**
   * Returns a line for the log.
   *
   * @throws Refusal when anything is missing; nothing was written or redirected then, unless
   *     writing itself failed
   */
  public String run() throws Refusal {
    var settings = settings();
    new Material(layout, settings.keys()).check();
    return switch (settings.inbound().capture()) {
      case REDIRECT -> {
        var nft = nft();
        write(settings);
        redirect(nft, settings);
        yield "Envoy is prepared; every inbound TCP connection but the kubelet's probes is"
            + " redirected to it.";
      }
      case NONE -> {
        write(settings);
        yield "Envoy is prepared; nothing is redirected, so the application must listen on"
            + " loopback only.";
      }
    };
  }

  private SidecarSettings settings() throws Refusal {
    var environment = new Environment(variables);
    return new SidecarSettings(
        environment.pod(),
        environment.xds(),
        environment.keys(),
        environment.inbound(families()),
        environment.budget(),
        environment.probes(),
        environment.metrics(),
        layout);
  }

  private static SidecarSettings.Families families() {
    try {
      return Files.readString(IPV6_ADDRESSES).isBlank()
          ? SidecarSettings.Families.IPV4
          : SidecarSettings.Families.DUAL;
    } catch (IOException e) {
      return SidecarSettings.Families.IPV4;
    }
  }

  private Nft nft() throws Refusal {
    return Nft.find(variables.getOrDefault("PATH", ""))
        .orElseThrow(
            () ->
                new Refusal(
                    "The program nft, which sets the redirect, is not in this image. Use"
                        + " Portcullis' own image for portcullis-init, or set capture: None in"
                        + " the policy."));
  }

  private void write(SidecarSettings settings) throws Refusal {
    if (settings.keys() == KeyDelivery.KUBELET) {
      ConfigFiles.write(layout.identitySds(), FileSecrets.identity(layout));
    }
    ConfigFiles.write(layout.trustSds(), FileSecrets.trust(layout));
    ConfigFiles.write(layout.tokenSds(), FileSecrets.token(layout));
    ConfigFiles.write(layout.envoyBootstrap(), SidecarBootstrap.of(settings));
  }

  private static void redirect(Nft nft, SidecarSettings settings) throws Refusal {
    var direct =
        switch (settings.metrics()) {
          case CLOSED -> List.of(SidecarPorts.PROBE);
          case OPEN -> List.of(SidecarPorts.PROBE, SidecarPorts.METRICS);
        };
    var rules = new RedirectRules(SidecarPorts.CAPTURE, direct, settings.inbound().port());
    try {
      nft.apply(rules);
    } catch (IOException e) {
      throw new Refusal(
          "The redirect could not be set ("
              + e.getMessage()
              + "). Let portcullis-init have the capability NET_ADMIN, or set capture: None in the"
              + " policy.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Setting the redirect was interrupted. The kubelet tries again.");
    }
  }
}
