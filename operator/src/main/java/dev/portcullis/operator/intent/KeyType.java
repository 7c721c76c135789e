package dev.portcullis.operator.intent;

/** Types of a pod's private key, by the names that Kubernetes gives them. */
public enum KeyType {
  ECDSAP256,
  ECDSAP384,
  RSA3072,
  RSA4096,
  ED25519
}
