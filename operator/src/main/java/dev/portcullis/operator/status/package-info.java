/** Facts (problems, acknowledgements, measurements) -> conditions of a policy. Called by watch. */
package dev.portcullis.operator.status;
