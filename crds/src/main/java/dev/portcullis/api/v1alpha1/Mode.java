package dev.portcullis.api.v1alpha1;

/** Whether what would be denied is denied. */
public enum Mode {
  Enforce,
  Shadow
}
