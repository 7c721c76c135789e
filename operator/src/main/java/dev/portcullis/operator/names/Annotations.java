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

  /**
   * On the ConfigMap {@link Names#CA_STATUS}: replaces the issuing CA. Any text that differs from
   * the one before; the same text is granted once.
   */
  public static final String ROTATE_ISSUING = "portcullis.dev/rotate-issuing";

  /** There too: replaces root and issuing CA, likewise. */
  public static final String ROTATE_ROOT = "portcullis.dev/rotate-root";

  /** There too: the present CA is compromised; likewise. */
  public static final String DISTRUST_CA = "portcullis.dev/distrust-ca";

  /** There too, with any value: no step is taken while it is there. */
  public static final String PAUSE_ROTATION = "portcullis.dev/pause-rotation";

  /** There too: number of the generation whose rotation is taken back. */
  public static final String ROLL_BACK = "portcullis.dev/roll-back";

  /** There too: number of the replaced generation that is trusted no more from now on. */
  public static final String RETIRE_NOW = "portcullis.dev/retire-now";

  private Annotations() {}
}
