package dev.portcullis.sample.caller;

/**
 * What a rate with a burst lets pass, told by the times of the requests alone: the burst and one
 * more at once.
 */
final class Bucket {

  private final double perNano;
  private final int capacity;
  private double tokens;
  private long last;
  private int passed;

  Bucket(int perSecond, int burst) {
    this.perNano = perSecond / 1e9;
    this.capacity = burst + 1;
    this.tokens = capacity;
    this.last = System.nanoTime();
  }

  void ask(long now) {
    tokens = Math.min(capacity, tokens + (now - last) * perNano);
    last = now;
    if (tokens >= 1) {
      tokens--;
      passed++;
    }
  }

  int passed() {
    return passed;
  }
}
