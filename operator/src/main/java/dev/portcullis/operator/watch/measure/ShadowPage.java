package dev.portcullis.operator.watch.measure;

import dev.portcullis.bootstrap.contract.EnvoyNames;
import dev.portcullis.operator.status.ShadowCounts;
import java.util.HashMap;
import java.util.regex.Pattern;

/** The sidecar's page of counters, a line for each. */
final class ShadowPage {

  private static final Pattern LINE =
      Pattern.compile(
          Pattern.quote(EnvoyNames.SHADOW_COUNTER)
              + "\\.rule\\.(?<rule>[^.]+)\\.route\\.(?<route>[^.]+): (?<count>[0-9]{1,18})");

  /** What is none of those lines is left out. */
  static ShadowCounts read(String page) {
    var counts = new HashMap<ShadowCounts.Rule, Long>();
    page.lines()
        .map(LINE::matcher)
        .filter(line -> line.matches())
        .forEach(
            line ->
                counts.put(
                    new ShadowCounts.Rule(line.group("rule"), line.group("route")),
                    Long.valueOf(line.group("count"))));
    return new ShadowCounts(counts);
  }

  private ShadowPage() {}
}
