package dev.portcullis.operator.inject;

/** As whom the sidecar runs: a user that no image and no distribution is known to use. */
final class SidecarUser {

  static final long UID = 61021;

  private SidecarUser() {}
}
