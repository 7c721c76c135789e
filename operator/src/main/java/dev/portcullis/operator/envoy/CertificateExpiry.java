package dev.portcullis.operator.envoy;

import com.google.api.expr.v1alpha1.Constant;
import com.google.api.expr.v1alpha1.Expr;
import dev.portcullis.operator.intent.BackendIntent;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC.Action;
import io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.List;

/**
 * A certificate is looked at in the handshake alone, and a connection outlives it. So each request
 * is asked again: it must begin before the peer's certificate ends.
 *
 * <p>The condition can read no certificate, but a header; this one is set before any filter runs,
 * over whatever the client sent, and is gone before the application. It is an ALLOW rule, because a
 * condition that cannot be evaluated matches nothing: what cannot be compared is refused.
 */
final class CertificateExpiry implements Feature {

  /** Begins with what clients cannot send. */
  static final String HEADER = "x-portcullis-certificate-end";

  private static final String END = "%DOWNSTREAM_PEER_CERT_V_END(%Y-%m-%dT%H:%M:%SZ)%";

  @Override
  public void onHttp(BackendIntent intent, HttpConnectionManager.Builder http) {
    var valid =
        Policy.newBuilder()
            .addPermissions(Permission.newBuilder().setAny(true))
            .addPrincipals(Principal.newBuilder().setAny(true))
            .setCondition(beganBeforeTheEnd());
    var rules =
        io.envoyproxy
            .envoy
            .config
            .rbac
            .v3
            .RBAC
            .newBuilder()
            .setAction(Action.ALLOW)
            .putPolicies("certificate-valid", valid.build());
    http.addHttpFilters(
        Packed.filter(
            FilterNames.CERTIFICATE_EXPIRY,
            RBAC.newBuilder().setRulesStatPrefix("certificate_").setRules(rules).build()));
  }

  static HeaderValueOption endHeader() {
    return HeaderValueOption.newBuilder()
        .setHeader(HeaderValue.newBuilder().setKey(HEADER).setValue(END))
        .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
        .build();
  }

  /** {@code request.time < timestamp(request.headers[HEADER])}. */
  private static Expr beganBeforeTheEnd() {
    var request = Expr.newBuilder().setIdentExpr(Expr.Ident.newBuilder().setName("request"));
    var end = call("_[_]", field(request.build(), "headers"), text(HEADER));
    return call("_<_", field(request.build(), "time"), call("timestamp", end));
  }

  private static Expr field(Expr operand, String name) {
    return Expr.newBuilder()
        .setSelectExpr(Expr.Select.newBuilder().setOperand(operand).setField(name))
        .build();
  }

  private static Expr call(String function, Expr... arguments) {
    return Expr.newBuilder()
        .setCallExpr(Expr.Call.newBuilder().setFunction(function).addAllArgs(List.of(arguments)))
        .build();
  }

  private static Expr text(String value) {
    return Expr.newBuilder().setConstExpr(Constant.newBuilder().setStringValue(value)).build();
  }
}
