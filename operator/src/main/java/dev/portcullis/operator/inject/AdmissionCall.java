package dev.portcullis.operator.inject;

import dev.portcullis.operator.inject.Admission.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;

/** One HTTP request to the webhook. Lives on one event loop; only the decision is made off it. */
final class AdmissionCall {

  /** What the API server itself takes as one object. */
  static final int LARGEST_BODY = 3 * 1024 * 1024;

  private static final String PATH = "/inject";
  private static final long PATIENCE_MILLIS = TimeUnit.SECONDS.toMillis(10);
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int TIMED_OUT = 408;
  private static final int TOO_LARGE = 413;
  private static final int SERVER_ERROR = 500;

  private final Vertx vertx;
  private final Admission admission;
  private final HttpServerRequest request;
  private final Buffer body = Buffer.buffer();
  private long patience;

  AdmissionCall(Vertx vertx, Admission admission, HttpServerRequest request) {
    this.vertx = vertx;
    this.admission = admission;
    this.request = request;
  }

  void begin() {
    if (!PATH.equals(request.path())) {
      refuse(NOT_FOUND);
    } else if (request.method() != HttpMethod.POST) {
      refuse(NOT_ALLOWED);
    } else {
      receive();
    }
  }

  private void receive() {
    patience = vertx.setTimer(PATIENCE_MILLIS, late -> cut(TIMED_OUT));
    request.exceptionHandler(gone -> vertx.cancelTimer(patience));
    request.handler(this::take);
    request.endHandler(end -> decide());
    if (declaredLength() > LARGEST_BODY) {
      cut(TOO_LARGE);
    }
  }

  private void take(Buffer chunk) {
    if (request.response().ended()) {
      return;
    }
    if (body.length() + chunk.length() > LARGEST_BODY) {
      cut(TOO_LARGE);
    } else {
      body.appendBuffer(chunk);
    }
  }

  private void decide() {
    vertx.cancelTimer(patience);
    if (request.response().ended()) {
      return;
    }
    vertx
        .executeBlocking(() -> admission.answer(body.getBytes()), false)
        .onSuccess(this::reply)
        .onFailure(failure -> refuse(SERVER_ERROR));
  }

  private void reply(Answer answer) {
    var response = request.response();
    if (!response.ended() && !response.closed()) {
      response
          .setStatusCode(answer.status())
          .putHeader("content-type", answer.contentType())
          .end(Buffer.buffer(answer.body()));
    }
  }

  private void refuse(int status) {
    var response = request.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).end();
    }
  }

  /** Reads no more. Other requests on the connection are let be, as long as this one ends. */
  private void cut(int status) {
    refuse(status);
    vertx.cancelTimer(patience);
    if (request.version() == HttpVersion.HTTP_2) {
      patience = vertx.setTimer(PATIENCE_MILLIS, endless -> request.connection().close());
    } else {
      request.connection().close();
    }
  }

  private long declaredLength() {
    var length = request.getHeader("content-length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException odd) {
      return Long.MAX_VALUE;
    }
  }
}
