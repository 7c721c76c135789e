package dev.portcullis.operator.watch.jwks;

/** Why an issuer could not be asked, or what is wrong with its answer. */
final class FetchFailure extends Exception {

  private static final long serialVersionUID = 1;
  private static final int LONGEST = 240;

  private final String reason;

  /**
   * @param reason one word for programs
   * @param message a sentence; what an issuer chose is cut and made printable
   */
  FetchFailure(String reason, String message) {
    super(printable(message), null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }

  private static String printable(String message) {
    var clean = message.replaceAll("[^ -~]", "?");
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST - 3) + "...";
  }
}
