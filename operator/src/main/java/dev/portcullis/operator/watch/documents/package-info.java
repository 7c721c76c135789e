/**
 * The ConfigMaps that policies refer to -> what can be read of the OpenAPI documents and the
 * descriptor sets in them, for the fast path.
 *
 * <p>Every replica watches them, by name, one watch for each; none is written. What a ConfigMap
 * says counts until the API server says otherwise: an API server that is away changes nothing.
 */
package dev.portcullis.operator.watch.documents;
