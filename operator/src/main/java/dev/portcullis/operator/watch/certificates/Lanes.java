package dev.portcullis.operator.watch.certificates;

import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** So many at once for one key. Few keys share a lane with another, and none is ever left out. */
final class Lanes {

  private static final int COUNT = 256;

  private final Semaphore[] lanes;

  Lanes(int width) {
    lanes = IntStream.range(0, COUNT).mapToObj(i -> new Semaphore(width)).toArray(Semaphore[]::new);
  }

  Semaphore of(String key) {
    return lanes[Math.floorMod(key.hashCode(), COUNT)];
  }
}
