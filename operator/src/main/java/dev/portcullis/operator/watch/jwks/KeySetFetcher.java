package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.identity.OutsideInspection;
import dev.portcullis.operator.identity.OutsideInspector;
import dev.portcullis.operator.intent.KeySource;
import dev.portcullis.operator.intent.KeySource.Authority;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Failed;
import dev.portcullis.operator.watch.jwks.FetchOutcome.Fetched;
import dev.portcullis.operator.watch.outside.SecretReading;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Asks issuers for their keys, as far as the installation allows it. */
public final class KeySetFetcher implements AutoCloseable {

  private static final int TRIED_ADDRESSES = 3;

  /** Turns a host name into addresses. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] addressesOf(String host) throws UnknownHostException;
  }

  /**
   * What a tenant cannot change.
   *
   * @param patience with one issuer, in equal parts for its addresses
   */
  public record Limits(AllowedHosts hosts, AllowedAddresses addresses, Duration patience) {}

  private final KubernetesClient client;
  private final Limits limits;
  private final InstantSource clock;
  private final Resolver resolver;
  private final HttpsGet https = new HttpsGet();

  public KeySetFetcher(KubernetesClient client, Limits limits, InstantSource clock) {
    this(client, limits, clock, InetAddress::getAllByName);
  }

  KeySetFetcher(KubernetesClient client, Limits limits, InstantSource clock, Resolver resolver) {
    this.client = client;
    this.limits = limits;
    this.clock = clock;
    this.resolver = resolver;
  }

  /** Takes at most the patience, and what the name service and the API server take. */
  FetchOutcome fetch(KeySource source) throws InterruptedException {
    try {
      requireAllowed(source);
      var authorities =
          source.authority().isEmpty()
              ? Optional.<String>empty()
              : Optional.of(authorities(source.authority().get()));
      return read(answer(source, authorities, addresses(source.host())));
    } catch (FetchFailure failure) {
      return new Failed(failure.reason(), failure.getMessage());
    }
  }

  @Override
  public void close() {
    https.close();
  }

  private void requireAllowed(KeySource source) throws FetchFailure {
    if (limits.hosts().entryFor(source).isEmpty()) {
      throw new FetchFailure(
          "HostNotAllowed", "The installation does not allow %s.".formatted(source.host()));
    }
  }

  /** All of them must be allowed: who mixes them means no good, or has not thought about it. */
  private List<InetAddress> addresses(String host) throws FetchFailure {
    try {
      var found = List.of(resolver.addressesOf(host));
      for (var address : found) {
        if (!limits.addresses().allows(address)) {
          throw new FetchFailure(
              "AddressNotAllowed",
              ("%s leads to an address that the installation does not allow"
                      + " (jwks.allowedNetworks of the chart).")
                  .formatted(host));
        }
      }
      return found.stream().limit(TRIED_ADDRESSES).toList();
    } catch (UnknownHostException unknown) {
      throw new FetchFailure("HostUnknown", "%s has no address.".formatted(host));
    }
  }

  private byte[] answer(KeySource source, Optional<String> authorities, List<InetAddress> addresses)
      throws FetchFailure, InterruptedException {
    var failure = new FetchFailure("HostUnknown", source.host() + " has no address.");
    var patience = limits.patience().dividedBy(Math.max(1, addresses.size()));
    for (var address : addresses) {
      try {
        return https.get(new HttpsGet.Peer(source, address, authorities), patience);
      } catch (FetchFailure next) {
        failure = next;
      }
    }
    throw failure;
  }

  private static FetchOutcome read(byte[] answer) {
    return switch (KeySetDocument.read(answer)) {
      case KeySetDocument.Usable(var keys, var skipped) -> new Fetched(keys, skipped);
      case KeySetDocument.Unusable(var why) ->
          new Failed("KeysInvalid", "Its answer %s.".formatted(why));
    };
  }

  private String authorities(Authority place) throws FetchFailure {
    var secret = "Secret %s/%s".formatted(place.namespace(), place.secret());
    var name = new SecretReading.Name(place.namespace(), place.secret());
    return switch (SecretReading.of(client, name)) {
      case SecretReading.Found found ->
          sound(
              found
                  .file(place.key())
                  .orElseThrow(
                      () ->
                          new FetchFailure(
                              "CaMissing",
                              "%s has nothing under %s.".formatted(secret, place.key()))));
      case SecretReading.Missing() ->
          throw new FetchFailure("CaMissing", secret + " is not there.");
      case SecretReading.Forbidden() ->
          throw new FetchFailure(
              "CaForbidden", "The operator may not read " + secret + ": grant it, by name.");
      case SecretReading.Unanswered _ ->
          throw new FetchFailure("CaUnreadable", secret + " could not be read.");
    };
  }

  private String sound(byte[] file) throws FetchFailure {
    return switch (OutsideInspector.inspect(file, Optional.empty(), clock.instant())) {
      case OutsideInspection.Sound sound -> sound.authorities();
      case OutsideInspection.Faulty(var fault, var message) ->
          throw new FetchFailure(fault.name(), "The Secret of caSecretRef " + message + ".");
    };
  }
}
