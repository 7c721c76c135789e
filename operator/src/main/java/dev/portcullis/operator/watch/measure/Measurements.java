package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.status.PodFacts.Reading;
import dev.portcullis.operator.status.ShadowCounts;
import java.util.concurrent.ConcurrentHashMap;

/** The newest reading of each pod, by its uid, and what it last counted. */
public final class Measurements {

  private static final Reading NONE = new Reading.NotTaken();

  private final ConcurrentHashMap<String, Reading> readings = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, ShadowCounts> shadows = new ConcurrentHashMap<>();

  public Reading of(String podUid) {
    return readings.getOrDefault(podUid, NONE);
  }

  /** Whether the reading is news. */
  boolean put(String podUid, Reading reading) {
    return !reading.equals(readings.put(podUid, reading));
  }

  /** What the pod's sidecar has counted, as far as it was asked. */
  public ShadowCounts shadowOf(String podUid) {
    return shadows.getOrDefault(podUid, ShadowCounts.NONE);
  }

  /**
   * No news: every request changes it, and a status that followed would be written all the time.
   */
  void put(String podUid, ShadowCounts counts) {
    shadows.put(podUid, counts);
  }

  void forget(String podUid) {
    readings.remove(podUid);
    shadows.remove(podUid);
  }

  void clear() {
    readings.clear();
    shadows.clear();
  }
}
