package dev.portcullis.bootstrap.command;

/** Why the pod cannot start: one sentence that names what is missing and what to do about it. */
public final class Refusal extends Exception {

  private static final long serialVersionUID = 1L;

  public Refusal(String sentence) {
    super(sentence);
  }
}
