/**
 * A sample API and a sample caller: what the demonstration and the end-to-end tests put on either
 * side of the gate. Neither knows anything of Portcullis but where a pod finds its certificate.
 */
package dev.portcullis.sample;
