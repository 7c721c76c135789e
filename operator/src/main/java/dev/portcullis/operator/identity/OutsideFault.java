package dev.portcullis.operator.identity;

/** Ends an inspection; the message goes on after the name of the file. */
final class OutsideFault extends Exception {

  private static final long serialVersionUID = 1;

  private final OutsideInspection.Fault fault;

  OutsideFault(OutsideInspection.Fault fault, String message) {
    super(message, null, false, false);
    this.fault = fault;
  }

  OutsideInspection.Fault fault() {
    return fault;
  }
}
