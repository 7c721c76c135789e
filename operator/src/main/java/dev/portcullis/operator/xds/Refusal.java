package dev.portcullis.operator.xds;

/** A version of a resource that a proxy refused, with the proxy's own words. */
record Refusal(String version, String message) {}
