package dev.portcullis.operator.status;

import java.util.List;

/** Whether the policy's NetworkPolicies are stored as they should be. */
public sealed interface Firewall {

  /** Each is there, as generated. Whether the network plug-in enforces them is another fact. */
  record InPlace() implements Firewall {}

  /** These are missing, or someone else keeps changing them. */
  record Short(List<String> names) implements Firewall {
    public Short {
      names = List.copyOf(names);
    }
  }
}
