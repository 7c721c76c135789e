/**
 * URLs at which issuers publish their keys -> the keys that tokens are checked with, for the fast
 * path.
 *
 * <p>The leader asks the issuers and keeps what they say in ConfigMaps of the operator's namespace,
 * from which every replica reads. A tenant chooses the URL, so what is asked is narrowed by the
 * installation: hosts by name, addresses after their resolution, and what an answer may be.
 */
package dev.portcullis.operator.watch.jwks;
