package dev.portcullis.operator.resolve.openapi;

/** Ends the reading of a document, or of one operation. */
final class Unfit extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String pointer;

  Unfit(String pointer, String message) {
    super(message, null, false, false);
    this.pointer = pointer;
  }

  String pointer() {
    return pointer;
  }
}
