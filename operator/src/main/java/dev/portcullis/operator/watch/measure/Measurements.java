package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.status.PodFacts.Reading;
import java.util.concurrent.ConcurrentHashMap;

/** The newest reading of each pod, by its uid. */
public final class Measurements {

  private static final Reading NONE = new Reading.NotTaken();

  private final ConcurrentHashMap<String, Reading> readings = new ConcurrentHashMap<>();

  public Reading of(String podUid) {
    return readings.getOrDefault(podUid, NONE);
  }

  /** Whether the reading is news. */
  boolean put(String podUid, Reading reading) {
    return !reading.equals(readings.put(podUid, reading));
  }

  void forget(String podUid) {
    readings.remove(podUid);
  }

  void clear() {
    readings.clear();
  }
}
