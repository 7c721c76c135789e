/** What a user sees of Portcullis on a real cluster, one class per promise. */
package dev.portcullis.e2e;
