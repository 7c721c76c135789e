package dev.portcullis.operator.inject;

/** Why a pod cannot be injected: one sentence for the pod's owner, with what to do. */
final class Rejection extends Exception {

  private static final long serialVersionUID = 1L;

  Rejection(String sentence, Object... arguments) {
    super(sentence.formatted(arguments));
  }
}
