package dev.portcullis.operator.envoy;

/** Text for fields that Envoy reads as a format string. */
final class FormatText {

  /** The text itself, whatever it holds: no command of Envoy's can come out of it. */
  static String literal(String text) {
    return text.replace("%", "%%");
  }

  private FormatText() {}
}
