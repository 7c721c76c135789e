/**
 * What a pod is really like from outside: the leader connects to each injected pod as a caller
 * would and reads what its gate serves. {@code report} turns the readings into status.
 */
package dev.portcullis.operator.watch.measure;
