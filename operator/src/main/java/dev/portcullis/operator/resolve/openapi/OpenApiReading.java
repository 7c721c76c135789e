package dev.portcullis.operator.resolve.openapi;

/** What became of a document. */
public sealed interface OpenApiReading {

  /** It was read. */
  record Read(OpenApiDocument document) implements OpenApiReading {}

  /**
   * It is not there, or it cannot be read. Nothing of it counts then.
   *
   * @param pointer the place in the document as a JSON pointer; empty where it is no place in it
   * @param message a sentence that tells the user what to do
   */
  record Unreadable(String pointer, String message) implements OpenApiReading {

    /** As conditions tell it. */
    public String sentence() {
      return pointer.isEmpty() ? message : pointer + ": " + message;
    }
  }
}
