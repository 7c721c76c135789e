package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.SpiffeId;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A pod to measure.
 *
 * @param identity whom its certificate must name
 * @param gatePort the port that callers dial
 * @param http3Port the same over UDP, where it is served
 * @param appPort the application's own
 */
record Target(
    InetAddress address,
    SpiffeId identity,
    int gatePort,
    Optional<Integer> http3Port,
    int appPort,
    Capture capture) {}
