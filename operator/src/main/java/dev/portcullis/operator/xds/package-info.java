/**
 * EnvoyResources -> delta streams. Holds what each backend's sidecars shall run, checks it on the
 * canary first, keeps the last good, and records what each proxy acknowledged or refused. Called by
 * watch; read by status.
 */
package dev.portcullis.operator.xds;
