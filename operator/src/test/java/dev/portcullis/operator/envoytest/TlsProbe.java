package dev.portcullis.operator.envoytest;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks a TLS server what it would choose, by a first message that offers just what the test says,
 * with numbers as IANA registers them. It brings no key share, so that a server of TLS 1.3 answers
 * with the group that it would have; such a probe can name groups that no library here knows.
 */
public record TlsProbe(int port) {

  public static final int TLS_1_3 = 0x0304;
  public static final int TLS_1_2 = 0x0303;
  public static final int TLS_1_1 = 0x0302;
  public static final int TLS_1_0 = 0x0301;

  private static final int TIMEOUT_MILLIS = 15_000;
  private static final int HANDSHAKE = 22;
  private static final int GROUPS = 10;
  private static final int SIGNATURES = 13;
  private static final int VERSIONS = 43;
  private static final int KEY_SHARE = 51;
  private static final List<Integer> ALL_SIGNATURES =
      List.of(0x0403, 0x0503, 0x0804, 0x0805, 0x0807, 0x0401, 0x0501, 0x0201, 0x0203);

  /** What a client has, the preferred one first. */
  public record Offer(int version, List<Integer> suites, List<Integer> groups) {}

  /**
   * What the server takes of it.
   *
   * @param group empty below TLS 1.3
   */
  public record Choice(int suite, Optional<Integer> group) {}

  /** The suites of these that the server takes, in its own order if it has one. */
  public List<Integer> suites(Offer all) {
    return each(all.suites(), left -> new Offer(all.version(), left, all.groups()), Choice::suite);
  }

  /** The groups of these that the server takes in TLS 1.3, in its own order if it has one. */
  public List<Integer> groups(Offer all) {
    return each(
        all.groups(),
        left -> new Offer(TLS_1_3, all.suites(), left),
        choice -> choice.group().orElseThrow());
  }

  private List<Integer> each(
      List<Integer> all, Function<List<Integer>, Offer> offer, Function<Choice, Integer> part) {
    var left = new ArrayList<>(all);
    var taken = new ArrayList<Integer>();
    for (var choice = offer(offer.apply(left)); choice.isPresent(); ) {
      taken.add(part.apply(choice.get()));
      left.remove(taken.getLast());
      choice = left.isEmpty() ? Optional.empty() : offer(offer.apply(left));
    }
    return taken;
  }

  /** Empty where the server takes nothing of it. */
  public Optional<Choice> offer(Offer offer) {
    try (var socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(hello(offer));
      var input = new DataInputStream(socket.getInputStream());
      var kind = input.readUnsignedByte();
      input.readUnsignedShort();
      var record = input.readNBytes(input.readUnsignedShort());
      return kind == HANDSHAKE ? Optional.of(choice(ByteBuffer.wrap(record))) : Optional.empty();
    } catch (java.io.EOFException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Choice choice(ByteBuffer hello) {
    hello.position(4 + 2 + 32);
    hello.position(hello.position() + 1 + hello.get(hello.position()));
    var suite = hello.getShort() & 0xffff;
    hello.position(hello.position() + 1);
    if (hello.remaining() < 2) {
      return new Choice(suite, Optional.empty());
    }
    var end = hello.getShort() + hello.position();
    var group = Optional.<Integer>empty();
    while (hello.position() < end) {
      var type = hello.getShort();
      var next = hello.getShort() + hello.position();
      group = type == KEY_SHARE ? Optional.of(hello.getShort() & 0xffff) : group;
      hello.position(next);
    }
    return new Choice(suite, group);
  }

  private static byte[] hello(Offer offer) throws IOException {
    var extensions = new ByteArrayOutputStream();
    extension(extensions, GROUPS, sized(2, numbers(offer.groups())));
    extension(extensions, SIGNATURES, sized(2, numbers(ALL_SIGNATURES)));
    if (offer.version() == TLS_1_3) {
      extension(extensions, VERSIONS, sized(1, numbers(List.of(TLS_1_3))));
      extension(extensions, KEY_SHARE, sized(2, new byte[0]));
    }
    var body = new ByteArrayOutputStream();
    var out = new DataOutputStream(body);
    out.writeShort(Math.min(offer.version(), TLS_1_2));
    out.write(new byte[32]);
    out.write(sized(1, new byte[32]));
    out.write(sized(2, numbers(offer.suites())));
    out.write(sized(1, new byte[1]));
    out.write(sized(2, extensions.toByteArray()));
    var message = new ByteArrayOutputStream();
    message.write(1);
    message.write(sized(3, body.toByteArray()));
    var record = new ByteArrayOutputStream();
    record.write(new byte[] {HANDSHAKE, 3, 1});
    record.write(sized(2, message.toByteArray()));
    return record.toByteArray();
  }

  private static void extension(ByteArrayOutputStream all, int type, byte[] content)
      throws IOException {
    all.write(numbers(List.of(type)));
    all.write(sized(2, content));
  }

  private static byte[] numbers(List<Integer> numbers) {
    var bytes = ByteBuffer.allocate(2 * numbers.size());
    numbers.forEach(number -> bytes.putShort(number.shortValue()));
    return bytes.array();
  }

  /** Behind its length, in that many bytes. */
  private static byte[] sized(int lengthBytes, byte[] content) {
    var bytes = ByteBuffer.allocate(lengthBytes + content.length);
    for (var shift = 8 * (lengthBytes - 1); shift >= 0; shift -= 8) {
      bytes.put((byte) (content.length >> shift));
    }
    return bytes.put(content).array();
  }
}
