package dev.portcullis.operator.watch.certificates;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

/** Runs one action on whatever happens to an object. */
record OnChange<T>(Runnable action) implements ResourceEventHandler<T> {

  @Override
  public void onAdd(T added) {
    action.run();
  }

  @Override
  public void onUpdate(T before, T after) {
    action.run();
  }

  @Override
  public void onDelete(T deleted, boolean deletedFinalStateUnknown) {
    action.run();
  }
}
