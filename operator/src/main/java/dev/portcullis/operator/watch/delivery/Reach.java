package dev.portcullis.operator.watch.delivery;

/** Whether a call of another backend can work at this moment. */
public sealed interface Reach {

  /** There is no such policy, or it knows no caller of the calling namespace. */
  record Unknown() implements Reach {}

  /** None of the backend's pods is ready behind its gate. */
  record NoReadyPods() implements Reach {}

  record Ready(int pods) implements Reach {}

  /** Of a backend that is known, by the number of its ready pods. */
  static Reach of(int ready) {
    return ready == 0 ? new NoReadyPods() : new Ready(ready);
  }
}
