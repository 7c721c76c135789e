package dev.portcullis.operator.xds;

/**
 * The proxies that run the same configuration.
 *
 * @param name for a backend's sidecars: {@code <namespace>/<policy>/<capture>}
 */
public record GroupKey(String name) {}
