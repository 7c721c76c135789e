package dev.portcullis.api.v1alpha1;

/** Types of private keys, by the names that Kubernetes gives them. */
public enum KeyType {
  ECDSAP256,
  ECDSAP384,
  RSA3072,
  RSA4096,
  ED25519
}
