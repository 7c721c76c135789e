/**
 * The Helm chart, rendered by the real Helm and applied to a real API server. Reads {@code
 * helm/portcullis}.
 */
package dev.portcullis.operator.chart;
