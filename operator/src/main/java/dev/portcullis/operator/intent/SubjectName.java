package dev.portcullis.operator.intent;

/** A subject alternative name, compared letter by letter with those of a certificate. */
public record SubjectName(Type type, String value) {

  /** Types of names, each under the word that OpenSSL prints for it. */
  public enum Type {
    DNS("DNS"),
    URI("URI"),
    EMAIL("email"),
    IP("IP");

    private final String word;

    Type(String word) {
      this.word = word;
    }
  }

  @Override
  public String toString() {
    return type.word + ":" + value;
  }
}
