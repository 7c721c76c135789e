/**
 * The fast path of every replica: a change of a policy -> its dirty key -> resolve -> translate ->
 * publish. No timer delays it, nothing is written to the cluster, and what came of it can be read
 * in {@code Backends}.
 */
package dev.portcullis.operator.watch.delivery;
