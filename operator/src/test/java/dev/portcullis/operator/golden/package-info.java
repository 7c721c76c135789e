/**
 * Golden folders: one folder per case, named by its meaning; {@code in-*} files are written by
 * hand, all others are the program's answer, compared byte by byte and rewritten with {@code
 * -Dgolden.update=true}. Every file must have an owner. Used by the tests of every package.
 */
package dev.portcullis.operator.golden;
