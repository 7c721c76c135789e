package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.Blocked;
import dev.portcullis.operator.intent.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code spec.blockedCidrs}. */
final class BlockedReader {

  static Optional<Blocked> read(List<String> cidrs, At at) {
    var blocks = new ArrayList<Cidr>();
    for (var index = 0; index < cidrs.size(); index++) {
      try {
        blocks.add(Cidr.parse(cidrs.get(index)));
      } catch (IllegalArgumentException unreadable) {
        at.item(index)
            .invalid("Write a network such as 203.0.113.0/24: %s.", unreadable.getMessage());
      }
    }
    var blocked = new Blocked(Cidr.outermost(blocks).stream().map(Cidr::toString).toList());
    return blocked.equals(Blocked.NOBODY) ? Optional.empty() : Optional.of(blocked);
  }

  private BlockedReader() {}
}
