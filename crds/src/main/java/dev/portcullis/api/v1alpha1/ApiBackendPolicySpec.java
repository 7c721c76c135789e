package dev.portcullis.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crdv2.generator.v1.SchemaCustomizer;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** What one policy asks of its backend's gate. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@SchemaCustomizer(
    value = ListTypes.class,
    input = "callers=name routes=name rateLimits=name blockedCidrs")
@ValidationRule(
    value = "self.listener.port != self.backend.port",
    fieldPath = ".listener.port",
    message = "Choose another port than backend.port: the sidecar and the application share a pod.")
@ValidationRule(
    value = "self.hardening.capture != 'None' || self.listener.port >= 1024",
    fieldPath = ".listener.port",
    message =
        "Choose a port of 1024 or above: with hardening.capture None the sidecar binds it without"
            + " privileges.")
@ValidationRule(
    value = "size(self.routes) > 0 || has(self.openApi)",
    fieldPath = ".routes",
    message = "Name at least one route, or give openApi: what is not named is denied.")
@ValidationRule(
    value = "self.backend.protocol != 'GRPC' || !has(self.openApi)",
    fieldPath = ".openApi",
    message = "Remove openApi, or choose another backend.protocol: OpenAPI describes no gRPC.")
@ValidationRule(
    value = "self.backend.protocol != 'GRPC' || self.routes.all(r, r.methods.all(m, m == 'POST'))",
    fieldPath = ".routes",
    message = "Give every route methods: [POST]: with backend.protocol GRPC every call is a POST.")
@ValidationRule(
    value =
        "self.backend.protocol != 'GRPC' || self.routes.all(r, !has(r.upgrades) || size(r.upgrades)"
            + " == 0)",
    fieldPath = ".routes",
    message = "Remove upgrades, or choose another backend.protocol: gRPC has no WebSockets.")
@ValidationRule(
    value =
        "self.routes.all(r, !has(r.callers) || r.callers.all(n, self.callers.exists(c, c.name =="
            + " n)))",
    fieldPath = ".routes",
    message = "Name in the routes' callers only names that are listed in spec.callers.")
@ValidationRule(
    value =
        "has(self.openApi) || size(self.routes) == 0 || self.callers.all(c, self.routes.exists(r, !has(r.callers) || size(r.callers) == 0 ||"
            + " c.name in r.callers))",
    fieldPath = ".callers",
    message =
        "Remove callers that no route names, or name them in a route: they would reach the pod's"
            + " port but no endpoint.")
@ValidationRule(
    value =
        "self.routes.all(r, !has(r.authentication) || (has(self.authentication) &&"
            + " (!has(r.authentication.jwt) || r.authentication.jwt.all(n,"
            + " has(self.authentication.jwt) && self.authentication.jwt.exists(j, j.name == n))) &&"
            + " (!has(r.authentication.apiKeys) || size(r.authentication.apiKeys) == 0 ||"
            + " has(self.authentication.apiKeys)) && (r.authentication.require != 'AllOf' ||"
            + " (has(self.authentication.jwt) && has(self.authentication.apiKeys)))))",
    fieldPath = ".routes",
    message = "Name in the routes' authentication only what spec.authentication has.")
@ValidationRule(
    value =
        "has(self.openApi) || size(self.routes) == 0 || !has(self.authentication) ||"
            + " !has(self.authentication.jwt) || self.authentication.jwt.all(j, self.routes.exists(r, !has(r.authentication) ||"
            + " (r.authentication.require != 'None' && (has(r.authentication.jwt) &&"
            + " size(r.authentication.jwt) > 0 ? j.name in r.authentication.jwt :"
            + " (!has(r.authentication.apiKeys) || size(r.authentication.apiKeys) == 0)))))",
    fieldPath = ".authentication",
    message = "Remove issuers that no route asks for, or name them in a route.")
@ValidationRule(
    value =
        "has(self.openApi) || size(self.routes) == 0 || !has(self.authentication) ||"
            + " !has(self.authentication.apiKeys) || self.routes.exists(r,"
            + " !has(r.authentication) || (r.authentication.require != 'None' &&"
            + " ((has(r.authentication.apiKeys) && size(r.authentication.apiKeys) > 0) ||"
            + " !has(r.authentication.jwt) || size(r.authentication.jwt) == 0)))",
    fieldPath = ".authentication.apiKeys",
    message = "Remove apiKeys that no route asks for, or name clients in a route.")
@ValidationRule(
    value =
        "!has(self.rateLimits) || self.rateLimits.all(l, self.routes.all(r, !has(r.rateLimits) ||"
            + " r.rateLimits.all(o, o.name != l.name)))",
    fieldPath = ".rateLimits",
    message = "Give the rate limits of the policy other names than those of its routes.")
@ValidationRule(
    value =
        "(has(self.authentication) && has(self.authentication.jwt)) || ((!has(self.rateLimits) ||"
            + " self.rateLimits.all(l, !has(l.claim))) && self.routes.all(r, !has(r.rateLimits) ||"
            + " r.rateLimits.all(l, !has(l.claim))))",
    fieldPath = ".authentication",
    message = "Name issuers under jwt, or count no rate limit by Claim.")
@ValidationRule(
    value =
        "(has(self.authentication) && has(self.authentication.apiKeys)) || ((!has(self.rateLimits)"
            + " || self.rateLimits.all(l, !has(l.per) || !l.per.exists(k, k == 'ApiKey'))) &&"
            + " self.routes.all(r, !has(r.rateLimits) || r.rateLimits.all(l, !has(l.per) ||"
            + " !l.per.exists(k, k == 'ApiKey'))))",
    fieldPath = ".authentication",
    message = "Name Secrets under apiKeys, or count no rate limit by ApiKey.")
@ValidationRule(
    value =
        "(has(self.rateLimits) ? self.rateLimits.map(l, l.trackedClients).sum() : 0) +"
            + " self.routes.map(r, has(r.rateLimits) ? r.rateLimits.map(l, l.trackedClients).sum() :"
            + " 0).sum() <= 250000",
    message =
        "Lower trackedClients: all rate limits together may track 250000 clients, which take about"
            + " 100 MB in each sidecar.")
@ValidationRule(
    value =
        "!has(self.backend.healthCheck) || self.backend.healthCheck.timeout"
            + Rules.UNREADABLE
            + "self.timeouts.request"
            + Rules.UNREADABLE
            + "duration(self.backend.healthCheck.timeout) <= duration(self.timeouts.request)",
    fieldPath = ".timeouts.request",
    message =
        "Make timeouts.request at least as long as backend.healthCheck.timeout: a backend that"
            + " still counts as healthy must be able to answer.")
@ValidationRule(
    value =
        "self.limits.connectionLifetime"
            + Rules.UNREADABLE
            + "self.timeouts.request"
            + Rules.UNREADABLE
            + "duration(self.timeouts.request) <= duration(self.limits.connectionLifetime)",
    fieldPath = ".limits.connectionLifetime",
    message = "Make connectionLifetime at least as long as timeouts.request.")
@ValidationRule(
    value =
        "self.limits.connectionLifetime"
            + Rules.UNREADABLE
            + "self.routes.all(r, !has(r.timeouts) || !has(r.timeouts.request) ||"
            + " r.timeouts.request"
            + Rules.UNREADABLE
            + "duration(r.timeouts.request) <= duration(self.limits.connectionLifetime))",
    fieldPath = ".limits.connectionLifetime",
    message = "Make connectionLifetime at least as long as the request timeout of every route.")
@ValidationRule(
    value =
        "self.timeouts.connect"
            + Rules.UNREADABLE
            + "self.timeouts.request"
            + Rules.UNREADABLE
            + "duration(self.timeouts.connect) <= duration(self.timeouts.request)",
    fieldPath = ".timeouts.connect",
    message = "Make connect no longer than request: it would never run out.")
@ValidationRule(
    value =
        "!has(self.backend.breaker) || self.backend.breaker.latency"
            + Rules.UNREADABLE
            + "self.timeouts.request"
            + Rules.UNREADABLE
            + "duration(self.backend.breaker.latency) < duration(self.timeouts.request)",
    fieldPath = ".backend.breaker",
    message =
        "Make latency shorter than timeouts.request: no request that is answered could be slower.")
@ValidationRule(
    value =
        "!has(self.egress) || !has(self.egress.calls) || self.egress.calls.all(c, c.localPort !="
            + " self.listener.port && c.localPort != self.backend.port)",
    fieldPath = ".egress",
    message =
        "Choose a localPort other than listener.port and backend.port: sidecar and application"
            + " share the pod's loopback.")
public record ApiBackendPolicySpec(
    @Required
        @ValidationRule(
            value =
                "(has(self.matchLabels) && size(self.matchLabels) > 0) ||"
                    + " (has(self.matchExpressions) && size(self.matchExpressions) > 0)",
            message =
                "Name at least one label: an empty selector would select every pod of the"
                    + " namespace.")
        @JsonPropertyDescription(
            "The pods of the backend, in the policy's own namespace, by their labels. At least one"
                + " label or expression is needed. A pod gets its sidecar when it is created, if"
                + " its namespace is labelled portcullis.dev/inject=enabled; pods that are older"
                + " than the policy are listed in the status until they are replaced. If two"
                + " policies select one pod, the older one wins.")
        LabelSelector selector,
    @Required
        @JsonPropertyDescription(
            "The application inside the pod, and how the sidecar talks to it: in plain text over"
                + " loopback.")
        BackendSpec backend,
    @Default("{}")
        @JsonPropertyDescription("What the network sees of the backend: one port, mutual TLS only.")
        ListenerSpec listener,
    @Required
        @Size(min = 1, max = 32)
        @JsonPropertyDescription(
            "Who may call: at least one, at most 32, each with a name of its own. A caller is"
                + " admitted only from its place in the network AND with one of its identities.")
        List<CallerSpec> callers,
    @Default("[]")
        @Size(max = 128)
        @JsonPropertyDescription(
            "The endpoints of the backend: at most 128, each with a name of its own, and at least"
                + " one unless openApi is given. The first route whose path and method match a"
                + " request decides, and after them what openApi documents; a request that nothing"
                + " matches is answered with 404, with 405 if its path is known but not its method."
                + " A route that an earlier one hides entirely is refused (Accepted=False).")
        List<RouteSpec> routes,
    @JsonPropertyDescription(
            "What requests must prove beyond the caller's certificate, which is asked for in any"
                + " case.")
        AuthenticationSpec authentication,
    @Size(max = 4)
        @JsonPropertyDescription(
            "Limits of the request rate over all routes together, beside those of the routes: at"
                + " most 4. Requests over a limit are answered with 429 and Retry-After.")
        List<RateLimitSpec> rateLimits,
    @Default("{}") @JsonPropertyDescription("Bounds of bodies, headers and connections.")
        LimitsSpec limits,
    @Default("{}") @JsonPropertyDescription("How long the sidecar waits, for what.")
        TimeoutsSpec timeouts,
    @Default("{}")
        @JsonPropertyDescription(
            "Rules for headers. In each direction names are removed first, then set, then added.")
        HeadersSpec headers,
    @Default("{}") @JsonPropertyDescription("How tightly the pod is closed around the application.")
        HardeningSpec hardening,
    @JsonPropertyDescription("Where the application may go through its sidecar.") EgressSpec egress,
    @Default("{}")
        @JsonPropertyDescription(
            "What the sidecar does when there is more to do than it or the application can do.")
        OverloadSpec overload,
    @JsonPropertyDescription(
            "An OpenAPI 3.0 or 3.1 document that says which further endpoints there are: paths,"
                + " methods, path parameters and media types of requests. They stand behind routes,"
                + " so a route decides where both match, and take callers, authentication, limits,"
                + " rate limits and timeouts from the policy. What of the document is not enforced,"
                + " status.openApi says.")
        OpenApiSpec openApi,
    @Default(Defaults.MODE)
        @JsonPropertyDescription(
            "Enforce: what the policy does not allow is denied. Shadow: the sidecar lets through and"
                + " counts what it would have denied for its caller, path, method, media type,"
                + " token, key, rate or body, and the port is open to all pods of the cluster. What"
                + " is denied all the same: plain text and certificates that are not trusted, and"
                + " what the sidecar cannot read or hold. While anything is in Shadow, the"
                + " condition Enforced is False. Default: Enforce.")
        Mode mode,
    @JsonPropertyDescription(
            "Which requests the sidecar writes lines about. What it refuses is logged always."
                + " Default: those alone.")
        AccessLogSpec accessLog,
    @Size(max = 256)
        @ValidationRule(value = Rules.NETWORKS, message = Rules.NETWORKS_TEXT)
        @JsonPropertyDescription(
            "Networks from which nobody may call, whatever else the policy says of a caller, IPv4"
                + " or IPv6, in CIDR notation: at most 256. The address is that of the connection,"
                + " not one from a header. Requests from them are answered with 403, on connections"
                + " that are open too, in mode Shadow too. A change drains no connection, except to"
                + " and from a policy without any, and except that networks that are new here cut"
                + " what is open as a caller does that is taken away (timeouts.revocation).")
        List<@Size(max = 43) String> blockedCidrs) {

  public ApiBackendPolicySpec {
    callers = Absent.toEmpty(callers);
    routes = Absent.toEmpty(routes);
    rateLimits = Absent.toEmpty(rateLimits);
    blockedCidrs = Absent.toEmpty(blockedCidrs);
  }
}
