/**
 * The real Envoy as a process of a test, with what it needs around it: a test PKI, an application
 * behind it that records what reaches it, and clients that can misbehave. Everything on loopback.
 */
package dev.portcullis.operator.envoytest;
