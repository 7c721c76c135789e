/**
 * What time it is. In come this machine's clock and the API server's, out goes the moment by which
 * certificates are made and judged, and whether it may be relied on.
 */
package dev.portcullis.operator.watch.time;
