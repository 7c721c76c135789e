package dev.portcullis.operator.envoytest;

import dev.portcullis.operator.intent.AccessLog;
import dev.portcullis.operator.intent.Application;
import dev.portcullis.operator.intent.BackendIntent;
import dev.portcullis.operator.intent.BackendKey;
import dev.portcullis.operator.intent.Blocked;
import dev.portcullis.operator.intent.Call;
import dev.portcullis.operator.intent.Caller;
import dev.portcullis.operator.intent.Documentation;
import dev.portcullis.operator.intent.Headers;
import dev.portcullis.operator.intent.Inbound;
import dev.portcullis.operator.intent.Limits;
import dev.portcullis.operator.intent.Mesh;
import dev.portcullis.operator.intent.Overload;
import dev.portcullis.operator.intent.PodSelector;
import dev.portcullis.operator.intent.Route;
import dev.portcullis.operator.intent.Shadow;
import dev.portcullis.operator.intent.Timeouts;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** An intent while some of it is changed; the rest stays as it was. */
final class IntentDraft {

  private final BackendKey key;
  private final PodSelector selector;
  Mesh mesh;
  List<Call> calls;
  Application application;
  Inbound inbound;
  List<Caller> callers;
  List<Route> routes;
  Limits limits;
  Timeouts timeouts;
  Headers headers;
  Overload overload;
  private final Optional<Documentation> documentation;
  Optional<Shadow> shadow;
  Optional<AccessLog> accessLog;
  Optional<Blocked> blocked;

  private IntentDraft(BackendIntent intent) {
    key = intent.key();
    selector = intent.selector();
    mesh = intent.mesh();
    calls = intent.calls();
    application = intent.application();
    inbound = intent.inbound();
    callers = intent.callers();
    routes = intent.routes();
    limits = intent.limits();
    timeouts = intent.timeouts();
    headers = intent.headers();
    overload = intent.overload();
    documentation = intent.documentation();
    shadow = intent.shadow();
    accessLog = intent.accessLog();
    blocked = intent.blocked();
  }

  static Intents.Change changing(Consumer<IntentDraft> change) {
    return intent -> {
      var draft = new IntentDraft(intent);
      change.accept(draft);
      return draft.done();
    };
  }

  private BackendIntent done() {
    return new BackendIntent(
        key,
        selector,
        application,
        inbound,
        callers,
        routes,
        limits,
        timeouts,
        headers,
        mesh,
        calls,
        overload,
        documentation,
        shadow,
        accessLog,
        blocked);
  }
}
