/**
 * What {@code helm test} runs, in a pod of its own: an installation looked at from outside. A plain
 * program; nothing of the operator is called, and the operator calls nothing of it.
 */
package dev.portcullis.operator.check;
