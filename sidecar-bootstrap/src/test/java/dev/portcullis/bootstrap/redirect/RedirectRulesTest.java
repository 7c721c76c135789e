package dev.portcullis.bootstrap.redirect;

import dev.portcullis.bootstrap.command.Golden;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedirectRulesTest {

  @Test
  void isOneTransaction() {
    var rules = new RedirectRules(15006, List.of(15021), 8443);

    Golden.expect(Path.of("src/test/resources/redirect/out-rules.nft"), rules.text());
  }

  @Test
  void leavesOutThePortOfTheMetricsWhereTheyAreServed() {
    var rules = new RedirectRules(15006, List.of(15021, 15090), 8443);

    Golden.expect(Path.of("src/test/resources/redirect/out-rules-with-metrics.nft"), rules.text());
  }
}
