package dev.portcullis.operator.intent;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which requests lines are written about, beside those that are refused.
 *
 * @param allowed the share of each route's allowed requests, by its name; other routes have none
 * @param linesPerSecond of each kind, by one worker thread
 */
public record AccessLog(Map<String, Share> allowed, int linesPerSecond) {

  public static final AccessLog DEFAULT = new AccessLog(Map.of(), 20);

  public AccessLog {
    allowed = Collections.unmodifiableSortedMap(new TreeMap<>(allowed));
  }
}
