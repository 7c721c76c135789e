package dev.portcullis.operator.whole;

import dev.portcullis.operator.watch.delivery.FastPath;
import io.javaoperatorsdk.operator.processing.Controller;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Looks again and again at the threads that reconcile and translate, and tells how much of the
 * processor one took while it was never seen to pause. That says the same on a busy machine.
 */
final class HeldThreads implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofMillis(20);
  private static final Map<String, String> ROUNDS =
      Map.of(FastPath.class.getName(), "round", Controller.class.getName(), "reconcile");

  private final ThreadMXBean processor = ManagementFactory.getThreadMXBean();
  private final Thread thread = Thread.ofPlatform().daemon().name("watch").start(this::watch);
  private volatile Duration longest = Duration.ZERO;
  private volatile boolean ended;

  Duration longest() {
    return longest;
  }

  private void watch() {
    var since = new HashMap<Thread, Long>();
    while (!ended) {
      var busy = busy();
      since.keySet().retainAll(busy);
      for (var each : busy) {
        var now = processor.getThreadCpuTime(each.threadId());
        var held = Duration.ofNanos(now - since.computeIfAbsent(each, _ -> now));
        longest = longest.compareTo(held) > 0 ? longest : held;
      }
      LockSupport.parkNanos(PERIOD.toNanos());
    }
  }

  private static List<Thread> busy() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> Stream.of(thread.getValue()).anyMatch(HeldThreads::isRound))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isRound(StackTraceElement frame) {
    return frame.getMethodName().equals(ROUNDS.get(frame.getClassName()));
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    thread.join();
  }
}
