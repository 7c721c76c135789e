package dev.portcullis.operator.watch.jwks;

import dev.portcullis.operator.intent.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that the operator may connect to: those of the public Internet, and what the
 * installation adds.
 */
public final class AllowedAddresses {

  /** No issuer lives there: metadata services, the link, groups, nobody. Nothing opens these. */
  private static final List<Cidr> NEVER =
      cidrs(
          "0.0.0.0/8",
          "169.254.0.0/16",
          "168.63.129.16/32",
          "100.100.100.200/32",
          "192.0.0.192/32",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "::/128",
          "fe80::/10",
          "fd00:ec2::/32",
          "ff00::/8");

  /** What the registries of IANA do not call globally reachable, or what stands for another. */
  private static final List<Cidr> NOT_PUBLIC =
      cidrs(
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "3fff::/20");

  /** The rest of IPv6 is private, mapped, translated or not given out. */
  private static final List<Cidr> PUBLIC = cidrs("0.0.0.0/0", "2000::/3");

  private final List<Cidr> added;

  private AllowedAddresses(List<Cidr> added) {
    this.added = added;
  }

  /**
   * @param networks allowed though they are not public, as CIDRs
   * @throws IllegalArgumentException if one is none
   */
  public static AllowedAddresses with(List<String> networks) {
    return new AllowedAddresses(networks.stream().map(String::strip).map(Cidr::parse).toList());
  }

  public boolean allows(InetAddress address) {
    var one = single(address);
    return !isIn(NEVER, one) && (isIn(added, one) || (isIn(PUBLIC, one) && !isIn(NOT_PUBLIC, one)));
  }

  private static boolean isIn(List<Cidr> blocks, Cidr address) {
    return blocks.stream().anyMatch(block -> block.contains(address));
  }

  /** Without a zone, and IPv4 where it is one in the clothes of IPv6. */
  private static Cidr single(InetAddress address) {
    try {
      var bare = InetAddress.getByAddress(address.getAddress());
      var bits = bare.getAddress().length * Byte.SIZE;
      return Cidr.parse(bare.getHostAddress() + "/" + bits);
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<Cidr> cidrs(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }
}
