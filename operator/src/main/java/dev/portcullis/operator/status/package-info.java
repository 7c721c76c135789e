/**
 * Facts (problems, acknowledgements, measurements) -> the status of a policy. Pure: what it is told
 * is all it knows, the time of day included. Called by watch, which gathers the facts and writes
 * the result.
 */
package dev.portcullis.operator.status;
