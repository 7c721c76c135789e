package dev.portcullis.operator.envoytest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A gRPC application that has every method: it answers each message with itself, {@code Watch} with
 * two of it, one that ends with {@code fails} with an error, those that end with {@code large} or
 * {@code medium} with such a message; and remembers what arrived.
 */
public final class OrdersService implements AutoCloseable {

  /**
   * One message that arrived.
   *
   * @param method with its service, such as {@code shop.v1.Orders/Read}
   */
  public record Call(String method, Metadata headers, byte[] message) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final Server server;

  private OrdersService(int port) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
            .maxInboundMessageSize(8 * 1024 * 1024)
            .fallbackHandlerRegistry(new EveryMethod())
            .build()
            .start();
  }

  public static OrdersService start() {
    try {
      return new OrdersService(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a process of its own, at the given port of loopback, until it is ended. */
  public static void main(String[] port) throws IOException, InterruptedException {
    new OrdersService(Integer.parseInt(port[0])).server.awaitTermination();
  }

  public int port() {
    return server.getPort();
  }

  public List<Call> calls() {
    return List.copyOf(calls);
  }

  public Call last() {
    return calls.getLast();
  }

  public void forget() {
    calls.clear();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** A note of 2 MiB or half a MiB for those that ask for it. */
  private static Optional<byte[]> answer(String text) {
    return text.endsWith("large")
        ? Optional.of(note(2 << 20))
        : text.endsWith("medium") ? Optional.of(note(1 << 19)) : Optional.empty();
  }

  private static byte[] note(int length) {
    var note = ByteString.copyFrom("x".repeat(length), UTF_8);
    return UnknownFieldSet.newBuilder()
        .addField(2, UnknownFieldSet.Field.newBuilder().addLengthDelimited(note).build())
        .build()
        .toByteArray();
  }

  private final class EveryMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
      MethodDescriptor<byte[], byte[]> method =
          GrpcBackend.ECHO.toBuilder()
              .setType(MethodType.BIDI_STREAMING)
              .setFullMethodName(name)
              .build();
      return ServerMethodDefinition.create(method, new Echo());
    }
  }

  private final class Echo implements ServerCallHandler<byte[], byte[]> {
    @Override
    public ServerCall.Listener<byte[]> startCall(
        ServerCall<byte[], byte[]> call, Metadata headers) {
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(byte[] message) {
          var method = call.getMethodDescriptor().getFullMethodName();
          calls.add(new Call(method, headers, message));
          var text = new String(message, UTF_8);
          if (text.endsWith("fails")) {
            call.close(Status.FAILED_PRECONDITION.withDescription("not today"), new Metadata());
            return;
          }
          call.sendHeaders(new Metadata());
          call.sendMessage(answer(text).orElse(message));
          if (method.endsWith("/Watch")) {
            call.sendMessage(message);
          }
          call.close(Status.OK, new Metadata());
        }
      };
    }
  }
}
