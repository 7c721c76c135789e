package dev.portcullis.operator.watch.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Reads {@code exp} of a JWT whose signature the API server has already checked. */
final class TokenExpiry {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TokenExpiry() {}

  /** Empty when the token is no JWT or has no expiry. */
  static Optional<Instant> of(String token) {
    var parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      var claims = Base64.getUrlDecoder().decode(parts[1]);
      var expiry = JSON.readTree(new String(claims, StandardCharsets.UTF_8)).path("exp");
      return expiry.isIntegralNumber() && expiry.canConvertToLong()
          ? Optional.of(Instant.ofEpochSecond(expiry.longValue()))
          : Optional.empty();
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }
}
