package dev.portcullis.operator.identity;

import java.time.Duration;

/**
 * What a holder's certificate should be.
 *
 * @param spiffeId its one name
 * @param keyType of its key
 * @param lifetime the longest that it may have, at least an hour
 * @param renewal longest time from its {@code notBefore} to its renewal
 */
public record LeafWish(String spiffeId, LeafKey keyType, Duration lifetime, Duration renewal) {}
