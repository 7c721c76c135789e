package dev.portcullis.bootstrap.redirect;

import dev.portcullis.bootstrap.command.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RedirectRulesTest {

  @Test
  void isOneTransaction() {
    var rules = new RedirectRules(15006, 15021, 8443);

    Golden.expect(Path.of("src/test/resources/redirect/out-rules.nft"), rules.text());
  }
}
