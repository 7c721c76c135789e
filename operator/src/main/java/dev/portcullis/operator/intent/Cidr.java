package dev.portcullis.operator.intent;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A block of addresses, with the bits below its prefix cleared.
 *
 * @param bits length of its addresses: 32 or 128
 */
public record Cidr(BigInteger network, int prefix, int bits) {

  /** What contains another comes before it, with nothing between that it does not contain. */
  private static final Comparator<Cidr> BY_ADDRESS =
      Comparator.comparingInt(Cidr::bits)
          .thenComparing(Cidr::network)
          .thenComparingInt(Cidr::prefix);

  /** Four numbers, or anything with a colon: the JDK alone would read {@code 10} as 0.0.0.10. */
  private static final Pattern FORM =
      Pattern.compile("(\\d+(?:\\.\\d+){3}|[^/]*:[^/]*)/(\\d{1,3})");

  private static final Pattern ZERO_GROUPS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

  /**
   * Reads {@code address/prefix}; never asks a name service.
   *
   * @throws IllegalArgumentException if it is neither IPv4 nor IPv6 in that form
   */
  public static Cidr parse(String text) {
    var parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(text + " is no CIDR: it must be address/prefix");
    }
    var address = InetAddress.ofLiteral(parts.group(1)).getAddress();
    var prefix = Integer.parseInt(parts.group(2));
    var bits = address.length * Byte.SIZE;
    if (prefix > bits) {
      throw new IllegalArgumentException(text + " is no CIDR: its prefix is not 0 to " + bits);
    }
    return new Cidr(head(new BigInteger(1, address), bits - prefix), prefix, bits);
  }

  /**
   * A block of one address.
   *
   * @throws IllegalArgumentException if it is neither IPv4 nor IPv6
   */
  public static Cidr ofAddress(String address) {
    return parse(address + (address.contains(":") ? "/128" : "/32"));
  }

  /** Whether every address of the other block is in this one. */
  public boolean contains(Cidr other) {
    return bits == other.bits
        && prefix <= other.prefix
        && network.equals(head(other.network, bits - prefix));
  }

  /** Those of these that lie in no other of them, in the order of their addresses, each once. */
  public static List<Cidr> outermost(Collection<Cidr> blocks) {
    var outermost = new ArrayList<Cidr>();
    for (var block : blocks.stream().sorted(BY_ADDRESS).toList()) {
      if (outermost.isEmpty() || !outermost.getLast().contains(block)) {
        outermost.add(block);
      }
    }
    return outermost;
  }

  @Override
  public String toString() {
    return text(network, bits / Byte.SIZE) + "/" + prefix;
  }

  private static BigInteger head(BigInteger address, int cleared) {
    return address.shiftRight(cleared).shiftLeft(cleared);
  }

  private static String text(BigInteger network, int length) {
    var raw = network.toByteArray();
    var address = new byte[length];
    var copied = Math.min(raw.length, length);
    System.arraycopy(raw, raw.length - copied, address, length - copied, copied);
    try {
      return shortest(InetAddress.getByAddress(address).getHostAddress());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The one form that the API server does not warn about: the longest run of zero groups cut. */
  private static String shortest(String address) {
    return ZERO_GROUPS
        .matcher(address)
        .results()
        .map(MatchResult::group)
        .max(Comparator.comparingInt(String::length))
        .map(run -> address.replaceFirst(Pattern.quote(run), "::"))
        .orElse(address);
  }
}
