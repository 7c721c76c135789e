package dev.portcullis.operator.inject;

import dev.portcullis.bootstrap.contract.Capture;
import java.time.Duration;

/**
 * What one policy asks of the sidecars of its pods, at the time of injection.
 *
 * @param policy its name, in the pod's namespace
 * @param listenerPort where callers are served
 * @param trackedClients how many clients all of its rate limits count together
 * @param connections how many open connections of callers it allows
 * @param keyType of the pod's key, as a {@code podCertificate} volume names it
 * @param revocation how long connections may go on after a right to call was taken away; in whole
 *     seconds
 */
public record InjectionPlan(
    String policy,
    Capture capture,
    int listenerPort,
    long trackedClients,
    int connections,
    String keyType,
    Duration revocation) {}
