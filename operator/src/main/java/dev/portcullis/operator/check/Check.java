package dev.portcullis.operator.check;

/** One thing that must hold of an installation. */
public interface Check {

  /** What holds, in words that can follow "ok:". */
  String claim();

  /**
   * Finds out.
   *
   * @throws Exception if it does not hold or cannot be found out; the message says what was seen
   */
  void run() throws Exception;
}
