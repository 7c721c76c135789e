package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.CaMaterial;

/**
 * A root and issuing CA with their keys.
 *
 * @param number of the rotation that brought it, from 1; never used twice in one installation
 */
public record Generation(int number, CaMaterial material) {}
