/**
 * Which replica writes. Leadership is a lease; losing it ends the term and the replica stands
 * again, while it serves its sidecars all along.
 */
package dev.portcullis.operator.watch.lead;
