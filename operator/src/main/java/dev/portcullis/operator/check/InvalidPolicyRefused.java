package dev.portcullis.operator.check;

import java.io.IOException;

/** The API server refuses a policy whose backend can have no such port, and names the field. */
record InvalidPolicyRefused(PolicyRequests policies) implements Check {

  private static final String FIELD = "spec.backend.port";

  @Override
  public String claim() {
    return "an invalid policy is refused by the name of its field (dry run)";
  }

  @Override
  public void run() throws Exception {
    var answer = policies.offer(ValidPolicyAccepted.SPEC.replace("8080", "808080"));
    if (answer.statusCode() != 422 || !answer.body().contains(FIELD)) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
  }
}
