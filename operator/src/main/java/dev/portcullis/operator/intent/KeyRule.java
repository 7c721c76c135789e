package dev.portcullis.operator.intent;

import java.util.List;

/**
 * A key of any of these clients.
 *
 * @param clients where empty, every client that has a key
 */
public record KeyRule(ApiKeys keys, List<String> clients) {

  public KeyRule {
    clients = List.copyOf(clients);
  }
}
