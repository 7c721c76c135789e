package dev.portcullis.operator.xds;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;

/** Takes every client for one peer: for a server that only the operator's own pod can reach. */
record FixedPeer(PeerSession session) implements ServerInterceptor {

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    var context = Context.current().withValue(PeerSession.KEY, session);
    return Contexts.interceptCall(context, call, headers, next);
  }
}
