package dev.portcullis.operator.watch.measure;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Whether a gate answers over QUIC: asked in a version that nobody has, a server must name those
 * that it has (RFC 9000, 6). That needs no handshake, and so says nothing of certificates.
 */
record QuicPort(Duration timeout) {

  /** A datagram may be lost. */
  private static final int ATTEMPTS = 3;

  /** Servers leave shorter ones unanswered, so that nobody is flooded with their answers. */
  private static final int SIZE = 1200;

  private static final byte LONG_HEADER = (byte) 0xc0;
  private static final int NO_VERSION = 0x1a2a3a4a;
  private static final int NEGOTIATION = 0;
  private static final int ID_BYTES = 8;

  boolean answers(InetSocketAddress address) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.connect(address);
      socket.setSoTimeout(Math.max(1, (int) timeout.toMillis() / ATTEMPTS));
      for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
        if (answers(socket)) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean answers(DatagramSocket socket) throws IOException {
    var id = new byte[ID_BYTES];
    ThreadLocalRandom.current().nextBytes(id);
    socket.send(new DatagramPacket(question(id), SIZE));
    var answer = new DatagramPacket(new byte[SIZE], SIZE);
    try {
      socket.receive(answer);
      return namesVersions(ByteBuffer.wrap(answer.getData(), 0, answer.getLength()), id);
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  /** The same id for both ends; the server gives it back, which nobody does who did not see it. */
  private static byte[] question(byte[] id) {
    var packet = ByteBuffer.allocate(SIZE).put(LONG_HEADER).putInt(NO_VERSION);
    return packet.put((byte) ID_BYTES).put(id).put((byte) ID_BYTES).put(id).array();
  }

  private static boolean namesVersions(ByteBuffer answer, byte[] id) {
    var head = 1 + Integer.BYTES + 1 + ID_BYTES;
    if (answer.remaining() < head || answer.get() >= 0 || answer.getInt() != NEGOTIATION) {
      return false;
    }
    var returned = new byte[ID_BYTES];
    var length = answer.get();
    answer.get(returned);
    return length == ID_BYTES && Arrays.equals(returned, id);
  }
}
