/**
 * Walks the schema of the API: what each field of a policy changes, and what policies made from the
 * schema do to a real Envoy. In: the CRD and the policies of other tests, as samples. Nothing else
 * uses it.
 */
package dev.portcullis.operator.everyfield;
