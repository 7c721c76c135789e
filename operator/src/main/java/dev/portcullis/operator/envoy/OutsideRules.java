package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Caller.Origin;
import dev.portcullis.operator.intent.SubjectName;
import dev.portcullis.operator.intent.Trust;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.extensions.rbac.principals.mtls_authenticated.v3.Config;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher.SanType;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Callers of one foreign CA as rules of their own filter: a rule for each name, so that its name
 * tells the application and the log who called, in the policy's words and not the certificate's.
 */
record OutsideRules(Trust trust) {

  /** Admits those of these callers that are of this trust; without any, nobody. */
  io.envoyproxy.envoy.extensions.filters.http.rbac.v3.RBAC admitting(List<Caller> callers) {
    var rules = RBAC.newBuilder().setAction(RBAC.Action.ALLOW);
    for (var caller : callers) {
      caller
          .outside()
          .filter(outside -> outside.trust().equals(trust))
          .ifPresent(
              outside ->
                  outside
                      .names()
                      .forEach(
                          name -> rules.putPolicies(ruleName(caller, name), rule(caller, name))));
    }
    return io.envoyproxy
        .envoy
        .extensions
        .filters
        .http
        .rbac
        .v3
        .RBAC
        .newBuilder()
        .setRules(rules)
        .build();
  }

  private static String ruleName(Caller caller, SubjectName name) {
    return "outside:" + caller.name() + "/" + name;
  }

  private static Policy rule(Caller caller, SubjectName name) {
    return Policy.newBuilder()
        .addPermissions(Permission.newBuilder().setAny(true))
        .addPrincipals(
            Principal.newBuilder()
                .setAndIds(
                    Principal.Set.newBuilder().addIds(shown(name)).addIds(place(caller.origin()))))
        .build();
  }

  private static Principal shown(SubjectName name) {
    var config = Config.newBuilder().setSanMatcher(matcher(name)).build();
    return Principal.newBuilder()
        .setCustom(Packed.extension("envoy.rbac.principals.mtls_authenticated", config))
        .build();
  }

  /** As an exact DNS name Envoy would let the certificate's wildcards and capitals match. */
  private static SubjectAltNameMatcher matcher(SubjectName name) {
    var exact = StringMatcher.newBuilder().setExact(name.value());
    return switch (name.type()) {
      case DNS ->
          matcher(
              SanType.DNS,
              StringMatcher.newBuilder()
                  .setSafeRegex(RegexMatcher.newBuilder().setRegex(Pattern.quote(name.value()))));
      case URI -> matcher(SanType.URI, exact);
      case EMAIL -> matcher(SanType.EMAIL, exact);
      case IP -> matcher(SanType.IP_ADDRESS, exact);
    };
  }

  private static SubjectAltNameMatcher matcher(SanType type, StringMatcher.Builder value) {
    return SubjectAltNameMatcher.newBuilder().setSanType(type).setMatcher(value).build();
  }

  private static Principal place(Origin origin) {
    return switch (origin) {
      case Origin.Addresses(var cidrs, var except) ->
          and(anyOf(cidrs), Principal.newBuilder().setNotId(anyOf(except)).build());
      case Origin.Anywhere() -> ANYONE;
      // The NetworkPolicy holds the place; the resolver takes no such caller from outside.
      case Origin.Pods(_, _) -> ANYONE;
      case Origin.LocalPods(_) -> ANYONE;
    };
  }

  private static final Principal ANYONE = Principal.newBuilder().setAny(true).build();

  private static Principal and(Principal one, Principal other) {
    return Principal.newBuilder()
        .setAndIds(Principal.Set.newBuilder().addIds(one).addIds(other))
        .build();
  }

  private static Principal anyOf(List<String> cidrs) {
    if (cidrs.isEmpty()) {
      return Principal.newBuilder().setNotId(ANYONE).build();
    }
    var any = Principal.Set.newBuilder();
    cidrs.forEach(
        cidr -> any.addIds(Principal.newBuilder().setDirectRemoteIp(AddressPredicate.range(cidr))));
    return Principal.newBuilder().setOrIds(any).build();
  }
}
