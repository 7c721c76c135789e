package dev.portcullis.bootstrap.command;

import dev.portcullis.bootstrap.contract.AppProbe;
import dev.portcullis.bootstrap.contract.AppProbes;
import dev.portcullis.bootstrap.contract.Capture;
import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.contract.Metrics;
import dev.portcullis.bootstrap.contract.SidecarEnv;
import dev.portcullis.bootstrap.render.SidecarSettings;
import java.util.List;
import java.util.Map;

/** The variables of {@link SidecarEnv}, read strictly: nothing is guessed. */
record Environment(Map<String, String> variables) {

  private static final int LARGEST_PORT = 65535;
  private static final int DEFAULT_CANARY_PORT = 18001;

  Environment {
    variables = Map.copyOf(variables);
  }

  SidecarSettings.Pod pod() throws Refusal {
    return new SidecarSettings.Pod(
        required(SidecarEnv.POD_NAMESPACE),
        required(SidecarEnv.POD_NAME),
        required(SidecarEnv.POD_UID),
        required(SidecarEnv.POLICY));
  }

  SidecarSettings.Xds xds() throws Refusal {
    var address = required(SidecarEnv.XDS_ADDRESS);
    var colon = address.lastIndexOf(':');
    if (colon <= 0) {
      throw unusable(SidecarEnv.XDS_ADDRESS, address, "host:port");
    }
    var host = address.substring(0, colon).replaceAll("^\\[|]$", "");
    var port = port(SidecarEnv.XDS_ADDRESS, address.substring(colon + 1));
    return new SidecarSettings.Xds(host, port, identity());
  }

  KeyDelivery keys() throws Refusal {
    var value = variables.getOrDefault(SidecarEnv.KEY_DELIVERY, KeyDelivery.KUBELET.value());
    var keys = KeyDelivery.of(value);
    if (keys.isEmpty()) {
      throw unusable(SidecarEnv.KEY_DELIVERY, value, "Kubelet or Stream");
    }
    return keys.get();
  }

  SidecarSettings.Inbound inbound(SidecarSettings.Families families) throws Refusal {
    var value = required(SidecarEnv.CAPTURE);
    var capture = Capture.of(value);
    if (capture.isEmpty()) {
      throw unusable(SidecarEnv.CAPTURE, value, "Redirect or None");
    }
    var port = port(SidecarEnv.LISTENER_PORT, required(SidecarEnv.LISTENER_PORT));
    return new SidecarSettings.Inbound(capture.get(), port, families);
  }

  SidecarSettings.Budget budget() throws Refusal {
    return new SidecarSettings.Budget(
        positive(SidecarEnv.MEMORY_LIMIT), positive(SidecarEnv.CONNECTIONS));
  }

  List<AppProbe> probes() throws Refusal {
    try {
      return AppProbes.parse(variables.getOrDefault(SidecarEnv.APP_PROBES, ""));
    } catch (IllegalArgumentException e) {
      throw new Refusal(
          SidecarEnv.APP_PROBES + " cannot be read: " + e.getMessage() + ". " + REINJECT);
    }
  }

  Metrics metrics() throws Refusal {
    var value = variables.getOrDefault(SidecarEnv.METRICS, Metrics.CLOSED.value());
    var metrics = Metrics.of(value);
    if (metrics.isEmpty()) {
      throw unusable(SidecarEnv.METRICS, value, "Open or Closed");
    }
    return metrics.get();
  }

  int canaryPort() throws Refusal {
    var value = variables.get(SidecarEnv.CANARY_PORT);
    return value == null ? DEFAULT_CANARY_PORT : port(SidecarEnv.CANARY_PORT, value);
  }

  private static final String REINJECT =
      "The injector sets it; recreate the pod so that it is injected again.";

  private String identity() throws Refusal {
    var identity = required(SidecarEnv.XDS_IDENTITY);
    if (!identity.startsWith("spiffe://")) {
      throw unusable(SidecarEnv.XDS_IDENTITY, identity, "a SPIFFE id");
    }
    return identity;
  }

  private String required(String name) throws Refusal {
    var value = variables.getOrDefault(name, "");
    if (value.isBlank()) {
      throw new Refusal("The environment variable " + name + " is not set. " + REINJECT);
    }
    return value;
  }

  private long positive(String name) throws Refusal {
    var value = required(name);
    try {
      var number = Long.parseLong(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw unusable(name, value, "a positive number");
    }
    throw unusable(name, value, "a positive number");
  }

  private static int port(String name, String value) throws Refusal {
    try {
      var port = Integer.parseInt(value);
      if (port >= 1 && port <= LARGEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw unusable(name, value, "a port from 1 to 65535");
    }
    throw unusable(name, value, "a port from 1 to 65535");
  }

  private static Refusal unusable(String name, String value, String expected) {
    return new Refusal(name + " is '" + value + "' but must be " + expected + ". " + REINJECT);
  }
}
