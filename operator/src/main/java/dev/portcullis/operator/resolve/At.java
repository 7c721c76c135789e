package dev.portcullis.operator.resolve;

/** A place in the policy: where a reader is, and where its problems go. */
record At(String path, Problems problems) {

  At field(String name) {
    return new At(path + "." + name, problems);
  }

  At item(int index) {
    return new At(path + "[" + index + "]", problems);
  }

  void invalid(String message, Object... arguments) {
    problems.invalid(path, message.formatted(arguments));
  }
}
