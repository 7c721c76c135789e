package dev.portcullis.operator.check;

import java.io.IOException;

/** The API server knows the kind and takes a small policy. */
record ValidPolicyAccepted(PolicyRequests policies) implements Check {

  static final String SPEC =
      """
      {"selector": {"matchLabels": {"app": "portcullis-test"}},
       "backend": {"port": 8080},
       "callers": [{"name": "test",
                    "serviceAccounts": [{"namespace": "default", "name": "default"}]}],
       "routes": [{"name": "all", "path": {"prefix": "/"}, "methods": ["GET"]}]}\
      """;

  @Override
  public String claim() {
    return "a valid policy is accepted (dry run)";
  }

  @Override
  public void run() throws Exception {
    var answer = policies.offer(SPEC);
    if (answer.statusCode() != 201) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
  }
}
