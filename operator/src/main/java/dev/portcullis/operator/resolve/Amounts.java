package dev.portcullis.operator.resolve;

import dev.portcullis.operator.intent.Share;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** Reads durations ({@code 1m30s}), quantities of bytes ({@code 2Mi}) and shares ({@code 1%}). */
final class Amounts {

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,5}(h|ms|m|s)){1,4}");
  private static final Pattern DURATION_PART = Pattern.compile("([0-9]+)(h|ms|m|s)");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,10})(Ki|Mi|Gi|k|M|G)?");

  private static final int SHARE_DECIMALS = 4;
  private static final Pattern SHARE = Pattern.compile("(100|[0-9]{1,2}([.][0-9]{1,4})?)%");

  private static final Map<String, ChronoUnit> UNITS =
      Map.of(
          "h", ChronoUnit.HOURS,
          "m", ChronoUnit.MINUTES,
          "s", ChronoUnit.SECONDS,
          "ms", ChronoUnit.MILLIS);

  private static final Map<String, Long> FACTORS =
      Map.of(
          "", 1L,
          "k", 1_000L,
          "M", 1_000_000L,
          "G", 1_000_000_000L,
          "Ki", 1L << 10,
          "Mi", 1L << 20,
          "Gi", 1L << 30);

  /** Longer than nothing; a problem and one second otherwise. */
  static Duration duration(At at, String text) {
    if (DURATION.matcher(text).matches()) {
      var sum = sumOf(text);
      if (sum.isPositive()) {
        return sum;
      }
    }
    at.invalid("Write a duration above zero such as 500ms, 15s or 1h30m instead of '%s'.", text);
    return Duration.ofSeconds(1);
  }

  /** More than nothing; a problem and one byte otherwise. */
  static long bytes(At at, String text) {
    var matcher = BYTES.matcher(text);
    if (matcher.matches()) {
      var unit = Objects.requireNonNullElse(matcher.group(2), "");
      var bytes = Long.parseLong(matcher.group(1)) * FACTORS.get(unit);
      if (bytes > 0) {
        return bytes;
      }
    }
    at.invalid(
        "Write a number of bytes above zero such as 512, 32Ki or 2Mi instead of '%s'.", text);
    return 1;
  }

  /** A problem and none otherwise. */
  static Share share(At at, String text) {
    if (SHARE.matcher(text).matches()) {
      var percent = new BigDecimal(text.substring(0, text.length() - 1));
      return new Share(percent.movePointRight(SHARE_DECIMALS).intValueExact());
    }
    at.invalid("Write a share from 0%% to 100%% such as 1%% or 0.05%% instead of '%s'.", text);
    return Share.NONE;
  }

  private static Duration sumOf(String text) {
    return DURATION_PART
        .matcher(text)
        .results()
        .map(part -> Duration.of(Long.parseLong(part.group(1)), UNITS.get(part.group(2))))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private Amounts() {}
}
