package dev.portcullis.operator.xds;

import java.time.InstantSource;
import java.util.concurrent.Executor;

/** What all streams of one server share. */
record StreamContext(
    ResourceStore store,
    PeerGroups groups,
    PeerSecrets secrets,
    DeliveryLedger ledger,
    XdsMetrics metrics,
    Executor executor,
    InstantSource clock) {}
