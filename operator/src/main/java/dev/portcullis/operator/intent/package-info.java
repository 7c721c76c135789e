/**
 * What the gate of one backend shall do, in the domain's words.
 *
 * <p>Records and sealed types over the JDK alone, compared with {@code equals}. {@code resolve}
 * makes them; {@code envoy} and {@code network} read them. Every default and inheritance is already
 * applied.
 */
package dev.portcullis.operator.intent;
