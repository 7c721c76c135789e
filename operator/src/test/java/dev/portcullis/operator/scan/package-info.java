/**
 * What scanners that are not ours, sslyze and testssl.sh, find on every port of ours that speaks
 * TLS. They run as programs and only ever see loopback; their JSON is what is judged.
 */
package dev.portcullis.operator.scan;
