/**
 * BackendView -> Resolution: the first pure arrow. A policy, its rivals and the installation's
 * settings come in; an intent, or the problems that prevent one, goes out. Called by watch. No
 * client, no clock, no I/O.
 */
package dev.portcullis.operator.resolve;
