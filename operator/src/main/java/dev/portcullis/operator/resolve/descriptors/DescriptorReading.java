package dev.portcullis.operator.resolve.descriptors;

/** What became of a descriptor set. */
public sealed interface DescriptorReading {

  /** It can be used. */
  record Read(DescriptorSet set) implements DescriptorReading {}

  /**
   * It is not there, or it cannot be used. Nothing of it counts then.
   *
   * @param message a sentence that tells the user what to do
   */
  record Unusable(String message) implements DescriptorReading {}
}
