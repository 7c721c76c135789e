package dev.portcullis.operator.intent;

/** Namespace and name of the policy, which is also the name of its backend. */
public record BackendKey(String namespace, String name) implements Comparable<BackendKey> {

  @Override
  public int compareTo(BackendKey other) {
    var byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
