package dev.portcullis.operator.resolve.descriptors;

/** Texts of the set as a status may show them. */
final class Shown {

  private static final int MOST = 120;

  /** Printable, and not long. */
  static String text(String text) {
    var printable = text.replaceAll("[^ -~]", "?");
    return printable.length() > MOST ? printable.substring(0, MOST) + "..." : printable;
  }

  private Shown() {}
}
