/**
 * The API {@code portcullis.dev/v1alpha1} as Java types, as the user writes it: absent fields are
 * null, lists and maps are empty instead of null. Defaults, inheritance and rules across fields are
 * the CRD's (made from these types) and the operator's {@code resolve} package.
 */
package dev.portcullis.api.v1alpha1;
