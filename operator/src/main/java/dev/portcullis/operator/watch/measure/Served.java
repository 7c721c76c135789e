package dev.portcullis.operator.watch.measure;

/** What the gate's answer says of the configuration that it runs. */
final class Served {

  /** Version of the listener that really answered. */
  static final String LISTENER = "x-portcullis-listener";

  /** Version of the listener that the routes in force were made for. */
  static final String LISTENER_WANTED = "x-portcullis-listener-wanted";

  private Served() {}

  /** The version of what answered; that of a half-applied update equals no version published. */
  static String versionOf(HttpAnswer answer) {
    var version = answer.body().strip();
    var listener = answer.header(LISTENER);
    return listener.equals(answer.header(LISTENER_WANTED))
        ? version
        : version + " with the listener " + listener.orElse("of an unknown version");
  }
}
