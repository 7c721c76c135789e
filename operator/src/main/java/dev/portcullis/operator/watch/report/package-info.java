/**
 * The leader's slow path: facts -> status, NetworkPolicies and Events of each policy. The only code
 * that writes to a user's namespace.
 */
package dev.portcullis.operator.watch.report;
