/** Labels, annotations, object names, the field manager; nothing else. Everyone may read it. */
package dev.portcullis.operator.names;
