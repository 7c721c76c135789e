package dev.portcullis.operator.inject;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import javax.net.ssl.SSLException;

/** Where Vert.x lets the key exchange be chosen. */
final class WebhookTls extends JdkSSLEngineOptions {

  @Override
  public JdkSSLEngineOptions copy() {
    return new WebhookTls();
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.JDK, false) {
      @Override
      public SslContext create() throws SSLException {
        return new WithoutFiniteFields(super.create());
      }
    };
  }
}
