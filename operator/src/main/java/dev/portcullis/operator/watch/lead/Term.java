package dev.portcullis.operator.watch.lead;

/** What a replica does only while it leads. Calls come one at a time, {@code begin} first. */
public interface Term {

  void begin();

  /** Comes after each {@code begin}, also after one that failed. */
  void end();
}
