package dev.portcullis.operator.intent;

import java.math.BigDecimal;

/** A part of a whole. */
public record Share(int millionths) {

  public static final Share NONE = new Share(0);

  private static final int DECIMALS = 4;

  /** In percent. */
  @Override
  public String toString() {
    return BigDecimal.valueOf(millionths, DECIMALS).stripTrailingZeros().toPlainString() + "%";
  }
}
