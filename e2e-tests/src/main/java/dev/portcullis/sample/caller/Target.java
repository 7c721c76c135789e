package dev.portcullis.sample.caller;

/**
 * Where to call, as whom, and who must answer.
 *
 * @param serverIdentity the SPIFFE id that the server's certificate must carry
 */
record Target(String host, int port, Credentials credentials, String serverIdentity) {}
