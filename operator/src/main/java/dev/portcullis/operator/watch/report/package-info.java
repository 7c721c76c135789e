/**
 * The leader's slow path: facts -> status, NetworkPolicies and Events of each policy. How Events
 * and references to owners are written is said here once; {@code watch.clients} uses both.
 */
package dev.portcullis.operator.watch.report;
