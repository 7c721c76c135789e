package dev.portcullis.operator.intent;

import java.util.List;

/**
 * Who may not call, whoever he is: a request from these places is refused before anything else is
 * asked.
 *
 * @param cidrs none of which lies in another
 */
public record Blocked(List<String> cidrs) {

  public static final Blocked NOBODY = new Blocked(List.of());

  public Blocked {
    cidrs = List.copyOf(cidrs);
  }

  /** Whether some place that may call now may not call by the other one. */
  boolean isWidenedBy(Blocked other) {
    var before = blocks(cidrs);
    return blocks(other.cidrs).stream()
        .anyMatch(block -> before.stream().noneMatch(old -> old.contains(block)));
  }

  private static List<Cidr> blocks(List<String> cidrs) {
    return cidrs.stream().map(Cidr::parse).toList();
  }
}
