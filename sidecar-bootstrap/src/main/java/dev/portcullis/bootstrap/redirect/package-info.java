/**
 * The redirect of inbound connections to Envoy: a typed rule set, its text, and the one call of nft
 * that sets it. Called by command only.
 */
package dev.portcullis.bootstrap.redirect;
