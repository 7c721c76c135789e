package dev.portcullis.bootstrap.contract;

import java.util.Arrays;
import java.util.Optional;

/** How a sidecar gets its private key and certificate. */
public enum KeyDelivery {
  /** The kubelet makes the key, and mounts it with the certificate that was signed for it. */
  KUBELET("Kubelet"),
  /** The operator makes both, and sends them over the stream; they are in memory only. */
  STREAM("Stream");

  private final String value;

  KeyDelivery(String value) {
    this.value = value;
  }

  /** As written in settings, in status and in {@link SidecarEnv#KEY_DELIVERY}. */
  public String value() {
    return value;
  }

  /** The delivery with that {@link #value}; empty for any other text. */
  public static Optional<KeyDelivery> of(String value) {
    return Arrays.stream(values()).filter(each -> each.value.equals(value)).findFirst();
  }
}
