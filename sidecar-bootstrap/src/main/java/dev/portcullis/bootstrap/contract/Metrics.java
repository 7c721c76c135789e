package dev.portcullis.bootstrap.contract;

import java.util.Arrays;
import java.util.Optional;

/** Whether a sidecar's metrics can be read from outside the pod. */
public enum Metrics {
  /** Nothing listens on {@link SidecarPorts#METRICS}. */
  CLOSED("Closed"),
  /** They are served on {@link SidecarPorts#METRICS}, to those whom the firewall lets through. */
  OPEN("Open");

  /** The one path that is served. */
  public static final String PATH = "/stats/prometheus";

  /** Name of the port, for scrapers that look for one. */
  public static final String PORT_NAME = "portcullis-prom";

  private final String value;

  Metrics(String value) {
    this.value = value;
  }

  /** As written in {@link SidecarEnv#METRICS}. */
  public String value() {
    return value;
  }

  /** Those with that {@link #value}; empty for any other text. */
  public static Optional<Metrics> of(String value) {
    return Arrays.stream(values()).filter(each -> each.value.equals(value)).findFirst();
  }
}
