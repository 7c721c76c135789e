package dev.portcullis.e2e;

/** Tells whoever watches a long run what it is doing. */
final class Progress {

  private static final long START = System.nanoTime();

  private Progress() {}

  static void say(String what) {
    System.out.printf("[%4ds] %s%n", (System.nanoTime() - START) / 1_000_000_000L, what);
  }
}
