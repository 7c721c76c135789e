package dev.portcullis.operator.watch.certificates;

import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How informers of certificates are started. */
public final class Informers {

  private static final Logger LOG = LoggerFactory.getLogger(Informers.class);

  private Informers() {}

  /**
   * Starts without waiting, and keeps trying whatever the API server answers: a missing permission
   * or a restart of it must not end a watch for good.
   */
  public static void startForEver(SharedIndexInformer<?> informer, Runnable onSynced) {
    informer.exceptionHandler(
        (isStarted, failure) -> {
          LOG.warn("a watch is interrupted, and tried again: {}", failure.toString());
          return true;
        });
    informer.start().thenRunAsync(onSynced);
  }
}
