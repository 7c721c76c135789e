package dev.portcullis.operator.intent;

import java.util.Comparator;

/**
 * A pod of a backend that is called: where its gate is, and who it must prove to be.
 *
 * @param address the pod's IP address
 */
public record CalledPod(String address, int port, SpiffeId identity)
    implements Comparable<CalledPod> {

  private static final Comparator<CalledPod> ORDER =
      Comparator.comparing(CalledPod::address)
          .thenComparing(CalledPod::port)
          .thenComparing(CalledPod::identity);

  @Override
  public int compareTo(CalledPod other) {
    return ORDER.compare(this, other);
  }
}
