package dev.portcullis.operator.status;

/** Text for people: Envoy's refusals may repeat a whole configuration. */
final class Sentence {

  private static final int LONGEST = 1024;
  private static final String LEFT_OUT = " [...] ";

  private Sentence() {}

  /** Of a text that is too long the beginning and the end, which say what and why. */
  static String bounded(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    var half = (LONGEST - LEFT_OUT.length()) / 2;
    return text.substring(0, half) + LEFT_OUT + text.substring(text.length() - half);
  }
}
