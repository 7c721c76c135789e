package dev.portcullis.operator.resolve.descriptors;

/** Why a set cannot be used, as a sentence for its author. */
final class Unfit extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Unfit(String message, Object... arguments) {
    super(message.formatted(arguments), null, false, false);
  }
}
