package dev.portcullis.operator.envoytest;

import dev.portcullis.operator.envoytest.TestPki.Credential;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** A gRPC client that opens streams; the server's certificate is not checked. */
public final class GrpcClient implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 60;

  private final ManagedChannel channel;

  public GrpcClient(int port, Credential credential) throws SSLException {
    var tls =
        GrpcSslContexts.forClient()
            .keyManager(credential.key(), credential.chain().toArray(X509Certificate[]::new))
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .endpointIdentificationAlgorithm(null)
            .build();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).sslContext(tls).build();
  }

  /** A stream in both directions to a method such as {@code shop.Orders/Echo}. */
  public Stream stream(String method) {
    return stream(method, new Metadata());
  }

  public Stream stream(String method, Metadata headers) {
    MethodDescriptor<byte[], byte[]> called =
        GrpcBackend.ECHO.toBuilder().setFullMethodName(method).build();
    var options = CallOptions.DEFAULT.withWaitForReady();
    var call =
        io.grpc.ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers))
            .newCall(called, options);
    var stream = new Stream();
    stream.requests = ClientCalls.asyncBidiStreamingCall(call, stream);
    return stream;
  }

  /** One call, message by message. */
  public static final class Stream implements StreamObserver<byte[]> {

    private final LinkedBlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private StreamObserver<byte[]> requests;

    public void send(byte[] message) {
      requests.onNext(message);
    }

    public void finish() {
      requests.onCompleted();
    }

    /** The next message that comes; empty once the call has ended. */
    public Optional<byte[]> answer() throws InterruptedException {
      var begun = System.nanoTime();
      while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        var answer = answers.poll(20, TimeUnit.MILLISECONDS);
        if (answer != null) {
          return Optional.of(answer);
        }
        if (end.isDone()) {
          return Optional.ofNullable(answers.poll());
        }
      }
      throw new AssertionError("neither an answer nor an end");
    }

    /** How it has ended. */
    public Status.Code end() throws Exception {
      return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS).getCode();
    }

    @Override
    public void onNext(byte[] answer) {
      answers.add(answer);
    }

    @Override
    public void onError(Throwable error) {
      end.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
