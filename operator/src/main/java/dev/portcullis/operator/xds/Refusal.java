package dev.portcullis.operator.xds;

/** A resource that a proxy refused, with the proxy's own words. */
record Refusal(String resource, String message) {}
