package dev.portcullis.operator.watch.measure;

import dev.portcullis.operator.intent.Inbound.Capture;
import dev.portcullis.operator.intent.SpiffeId;
import java.net.InetAddress;

/**
 * A pod to measure.
 *
 * @param identity whom its certificate must name
 * @param gatePort the port that callers dial
 * @param appPort the application's own
 */
record Target(InetAddress address, SpiffeId identity, int gatePort, int appPort, Capture capture) {}
