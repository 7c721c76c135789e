package dev.portcullis.operator.names;

/** Annotations that Portcullis reads or writes. */
public final class Annotations {

  /** On an injected pod: {@code Redirect} or {@code None}, how connections reach its Envoy. */
  public static final String CAPTURE = "portcullis.dev/capture";

  /** On an injected pod: hash of the injected template, to tell pods of an older one. */
  public static final String TEMPLATE = "portcullis.dev/template";

  /**
   * On a policy: {@code listener} or {@code route} makes Envoy refuse its configuration. Read only
   * by an operator that runs with {@code portcullis.test-hooks=true}.
   */
  public static final String TEST_BREAK = "portcullis.dev/test-break";

  private Annotations() {}
}
