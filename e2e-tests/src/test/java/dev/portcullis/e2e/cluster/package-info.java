/** Where the end-to-end tests run: a Kind node of their own, or a cluster that is already there. */
package dev.portcullis.e2e.cluster;
