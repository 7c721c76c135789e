package dev.portcullis.operator.envoytest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An application that takes WebSockets over HTTP/2 and sends back whatever comes. */
public final class Http2WebSocketBackend implements AutoCloseable {

  private static final char ENABLE_CONNECT_PROTOCOL = 8;

  private final EventLoopGroup threads = new NioEventLoopGroup(1);
  private final List<String> protocols = new CopyOnWriteArrayList<>();
  private final Channel channel;

  private Http2WebSocketBackend() {
    channel =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    var settings = Http2Settings.defaultSettings();
                    settings.put(ENABLE_CONNECT_PROTOCOL, Long.valueOf(1));
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer()
                                .validateHeaders(false)
                                .initialSettings(settings)
                                .build(),
                            new Echo());
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .syncUninterruptibly()
            .channel();
  }

  public static Http2WebSocketBackend start() {
    return new Http2WebSocketBackend();
  }

  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Method and {@code :protocol} of each request that arrived. */
  public List<String> protocols() {
    return List.copyOf(protocols);
  }

  private final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      switch (message) {
        case Http2HeadersFrame request -> {
          var headers = request.headers();
          protocols.add(headers.method() + " " + headers.get(":protocol"));
          context.writeAndFlush(
              new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"))
                  .stream(request.stream()));
        }
        case Http2DataFrame data ->
            context.writeAndFlush(new DefaultHttp2DataFrame(data.content()).stream(data.stream()));
        default -> {
          // Settings and farewells.
        }
      }
    }
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    threads.shutdownGracefully();
  }
}
