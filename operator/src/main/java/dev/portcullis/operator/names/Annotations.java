package dev.portcullis.operator.names;

/** Annotations that Portcullis writes. */
public final class Annotations {

  /** On an injected pod: {@code Redirect} or {@code None}, how connections reach its Envoy. */
  public static final String CAPTURE = "portcullis.dev/capture";

  /** On an injected pod: hash of the injected template, to tell pods of an older one. */
  public static final String TEMPLATE = "portcullis.dev/template";

  private Annotations() {}
}
