package dev.portcullis.operator.check;

import java.io.IOException;

/** The API server refuses a policy whose backend can have no such port, and names the field. */
record InvalidPolicyRefused(PolicyRequests policies) implements Check {

  static final String FIELD = "spec.backend.port";
  static final String SPEC = ValidPolicyAccepted.SPEC.replace("8080", "808080");

  @Override
  public String claim() {
    return "an invalid policy is refused by the name of its field (dry run)";
  }

  @Override
  public void run() throws Exception {
    var answer = policies.offer(SPEC);
    if (answer.statusCode() != 422 || !answer.body().contains(FIELD)) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
  }
}
