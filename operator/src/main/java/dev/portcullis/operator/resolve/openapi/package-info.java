/**
 * The text of an OpenAPI document -> what of it a gate can enforce, or where and why it cannot be
 * read. Pure, and nothing outside of the text is ever fetched. Called by watch when a text changes,
 * and by resolve, which makes routes of the outcome.
 */
package dev.portcullis.operator.resolve.openapi;
