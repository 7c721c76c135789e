/**
 * SidecarSettings -> Envoy's bootstrap and its file secrets, as typed messages. Pure: no file, no
 * environment. Called by command only.
 */
package dev.portcullis.bootstrap.render;
