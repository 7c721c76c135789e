/**
 * A descriptor set of gRPC as bytes -> its services and the JSON requests that they take, or what
 * is wrong with it. Nothing is fetched. Called by the watch of ConfigMaps; resolve reads the
 * outcome.
 */
package dev.portcullis.operator.resolve.descriptors;
