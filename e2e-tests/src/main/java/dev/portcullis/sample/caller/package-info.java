/**
 * The sample caller: speaks HTTP/1.1 over mutual TLS, byte for byte as told, and counts what
 * becomes of it. Paths are sent as given, so that it can also play the attacker.
 */
package dev.portcullis.sample.caller;
