package dev.portcullis.operator.watch.delivery;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keys with work to do. The first mark of an idle key is handed out at once; marks of a key that is
 * being worked on merge into one further round, which starts when the running one is done. So no
 * change waits for a timer, none is lost, and a storm on one key costs that key two rounds.
 */
public final class DirtyKeys<K> {

  private final ArrayDeque<K> waiting = new ArrayDeque<>();
  private final Set<K> known = new HashSet<>();
  private final Set<K> running = new HashSet<>();
  private final Set<K> markedAgain = new LinkedHashSet<>();

  /** Never blocks; callable from any thread. */
  public synchronized void mark(K key) {
    if (running.contains(key)) {
      markedAgain.add(key);
    } else if (known.add(key)) {
      waiting.addLast(key);
      notifyAll();
    }
  }

  /** Blocks until a key is due; {@link #done} must follow, whatever becomes of the work. */
  public synchronized K take() throws InterruptedException {
    while (waiting.isEmpty()) {
      wait();
    }
    var key = waiting.removeFirst();
    known.remove(key);
    running.add(key);
    return key;
  }

  /** Ends the round of a key taken before. */
  public synchronized void done(K key) {
    if (running.remove(key) && markedAgain.remove(key)) {
      mark(key);
    }
  }

  /** Keys that wait or are being worked on. */
  public synchronized int size() {
    return waiting.size() + running.size();
  }
}
