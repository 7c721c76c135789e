package dev.portcullis.bootstrap.redirect;

import dev.portcullis.bootstrap.contract.SidecarPorts;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sends every inbound TCP connection to Envoy, and lets none in that does not come that way.
 *
 * @param capturePort where Envoy takes the redirected connections
 * @param directPorts those that are reached directly
 * @param listenerPort the port that {@link SidecarPorts#GATE_ADDRESS} leads to
 */
public record RedirectRules(int capturePort, List<Integer> directPorts, int listenerPort) {

  /** The table that holds all of it. */
  public static final String TABLE = "portcullis";

  /**
   * One transaction for {@code nft -f -}; applied again it replaces what it set before.
   *
   * <p>Loopback stays as it is: containers of one pod trust each other by construction. Packets
   * without SYN open nothing, so established and odd ones are left to the kernel. What is left is
   * an opening: from the redirect, for a probe, or refused.
   */
  public String text() {
    return """
        add table inet %1$s
        delete table inet %1$s
        table inet %1$s {
          chain prerouting {
            type nat hook prerouting priority dstnat; policy accept;
            iif lo return
            meta l4proto tcp tcp dport != %3$s redirect to :%2$d
          }
          chain output {
            type nat hook output priority -100; policy accept;
            ip daddr %5$s tcp dport %4$d redirect to :%2$d
          }
          chain input {
            type filter hook input priority filter; policy accept;
            iif lo accept
            meta l4proto != tcp accept
            ct state established,related accept
            tcp flags & syn == 0 accept
            ct state invalid drop
            tcp dport %3$s accept
            tcp dport %2$d ct original proto-dst %2$d reject with tcp reset
            tcp dport %2$d accept
            reject with tcp reset
          }
        }
        """
        .formatted(TABLE, capturePort, direct(), listenerPort, SidecarPorts.GATE_ADDRESS);
  }

  private String direct() {
    return directPorts.size() == 1
        ? directPorts.getFirst().toString()
        : directPorts.stream().map(String::valueOf).collect(Collectors.joining(", ", "{ ", " }"));
  }
}
