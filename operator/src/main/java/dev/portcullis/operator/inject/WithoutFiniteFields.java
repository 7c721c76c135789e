package dev.portcullis.operator.inject;

import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.SslContext;
import javax.net.ssl.SSLEngine;

/**
 * Exchanges keys on elliptic curves alone. The JDK's default has finite fields too, and there one
 * handshake, which any stranger can ask for, costs this process as much as a hundred others.
 */
final class WithoutFiniteFields extends DelegatingSslContext {

  private static final String[] GROUPS = {"x25519", "secp256r1", "secp384r1"};

  WithoutFiniteFields(SslContext context) {
    super(context);
  }

  @Override
  protected void initEngine(SSLEngine engine) {
    var parameters = engine.getSSLParameters();
    parameters.setNamedGroups(GROUPS);
    engine.setSSLParameters(parameters);
  }
}
