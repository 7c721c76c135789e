package dev.portcullis.operator.watch.measure;

import dev.portcullis.bootstrap.contract.EnvoyNames;

/** What the gate's answer says of the configuration that it runs. */
final class Served {

  private Served() {}

  /** The version of what answered; that of a half-applied update equals no version published. */
  static String versionOf(HttpAnswer answer) {
    var version = answer.body().strip();
    var listener = answer.header(EnvoyNames.LISTENER_HEADER);
    return listener.equals(answer.header(EnvoyNames.LISTENER_WANTED_HEADER))
        ? version
        : version + " with the listener " + listener.orElse("of an unknown version");
  }
}
