package dev.portcullis.operator.xds;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Counts what one server's streams do. Never labelled by pod or policy: their number is open. */
final class XdsMetrics {

  private final AtomicInteger streams;
  private final Map<ResourceType, Counter> pushes;
  private final Map<ResourceType, Counter> acks;
  private final Map<ResourceType, Counter> nacks;
  private final Map<Secret, Counter> secrets = new EnumMap<>(Secret.class);
  private final Timer pushTime;
  private final Function<String, Counter> refusedStreams;

  /** {@code prefix} is {@code portcullis.xds} for the sidecars' server. */
  XdsMetrics(MeterRegistry registry, String prefix) {
    streams = registry.gauge(prefix + ".streams", new AtomicInteger());
    pushes = perType(registry, prefix + ".pushes", "Responses sent");
    acks = perType(registry, prefix + ".acks", "Responses that a proxy took");
    nacks = perType(registry, prefix + ".nacks", "Responses that a proxy refused");
    for (var outcome : Secret.values()) {
      secrets.put(
          outcome,
          Counter.builder(prefix + ".secrets")
              .description("Keys with certificates, and roots, that went over streams")
              .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    pushTime =
        Timer.builder(prefix + ".push")
            .description("From sending a response to the proxy's acknowledgement")
            .publishPercentileHistogram()
            .minimumExpectedValue(Duration.ofMillis(1))
            .maximumExpectedValue(Duration.ofSeconds(30))
            .register(registry);
    refusedStreams =
        reason ->
            Counter.builder(prefix + ".refused.streams")
                .description("Streams refused before their first message")
                .tag("reason", reason)
                .register(registry);
  }

  private static Map<ResourceType, Counter> perType(
      MeterRegistry registry, String name, String description) {
    var counters = new EnumMap<ResourceType, Counter>(ResourceType.class);
    for (var type : ResourceType.values()) {
      counters.put(
          type,
          Counter.builder(name)
              .description(description)
              .tag("type", type.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    return counters;
  }

  void streamOpened() {
    streams.incrementAndGet();
  }

  void streamClosed() {
    streams.decrementAndGet();
  }

  void streamRefused(Refused reason) {
    refusedStreams.apply(reason.name().toLowerCase(Locale.ROOT)).increment();
  }

  void pushed(Push push) {
    pushes.get(push.type()).increment();
  }

  void acknowledged(Push push, Duration taken) {
    acks.get(push.type()).increment();
    pushTime.record(taken);
  }

  void refused(Push push) {
    nacks.get(push.type()).increment();
  }

  void secret(Secret outcome) {
    secrets.get(outcome).increment();
  }

  /** What became of a secret. */
  enum Secret {
    SENT,
    TAKEN,
    REFUSED
  }

  /** Why a stream was refused. */
  enum Refused {
    UNAUTHENTICATED,
    UNAVAILABLE
  }
}
