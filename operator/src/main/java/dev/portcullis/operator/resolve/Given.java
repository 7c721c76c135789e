package dev.portcullis.operator.resolve;

import java.util.function.Function;

/** Walks through sections that may be absent. */
final class Given {

  /** The field of a section; null when the field or the section is absent. */
  static <S, T> T in(S section, Function<S, T> field) {
    return section == null ? null : field.apply(section);
  }

  static <T> T or(T value, T whenAbsent) {
    return value == null ? whenAbsent : value;
  }

  private Given() {}
}
