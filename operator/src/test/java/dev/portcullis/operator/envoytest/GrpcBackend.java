package dev.portcullis.operator.envoytest;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A gRPC application with the standard health service and an echo in both directions. */
public final class GrpcBackend implements AutoCloseable {

  public static final MethodDescriptor<byte[], byte[]> ECHO = method("shop.Orders/Echo");

  private static final MethodDescriptor<byte[], byte[]> HEALTH =
      method("grpc.health.v1.Health/Check").toBuilder().setType(MethodType.UNARY).build();
  // HealthCheckResponse with status SERVING and NOT_SERVING.
  private static final byte[] SERVING = {8, 1};
  private static final byte[] NOT_SERVING = {8, 2};

  private final AtomicBoolean healthy = new AtomicBoolean(true);
  private final Server server;

  private GrpcBackend() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(
                ServerServiceDefinition.builder("grpc.health.v1.Health")
                    .addMethod(HEALTH, ServerCalls.asyncUnaryCall(this::check))
                    .build())
            .addService(
                ServerServiceDefinition.builder("shop.Orders")
                    .addMethod(ECHO, ServerCalls.asyncBidiStreamingCall(GrpcBackend::echo))
                    .build())
            .build()
            .start();
  }

  public static GrpcBackend start() {
    try {
      return new GrpcBackend();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getPort();
  }

  public void fail() {
    healthy.set(false);
  }

  private void check(byte[] request, StreamObserver<byte[]> answer) {
    answer.onNext(healthy.get() ? SERVING : NOT_SERVING);
    answer.onCompleted();
  }

  private static StreamObserver<byte[]> echo(StreamObserver<byte[]> answer) {
    return answer;
  }

  private static MethodDescriptor<byte[], byte[]> method(String name) {
    return MethodDescriptor.newBuilder(new Bytes(), new Bytes())
        .setType(MethodType.BIDI_STREAMING)
        .setFullMethodName(name)
        .build();
  }

  /** Messages as they are on the wire. */
  private static final class Bytes implements Marshaller<byte[]> {

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
