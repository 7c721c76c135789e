package dev.portcullis.sample.caller;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what the server proves itself with. */
@Command(
    name = "certificate",
    description = "Print serial and end of life of the certificate that the backend serves.")
final class CertificateCommand implements Callable<Integer> {

  @Mixin private TargetOptions options;

  @Override
  public Integer call() throws IOException, GeneralSecurityException {
    try (var connection = Connection.open(options.target(), Optional.empty())) {
      var leaf = connection.peerCertificate();
      System.out.printf(
          "serial=%s notAfter=%s%n",
          leaf.getSerialNumber().toString(16), leaf.getNotAfter().toInstant());
    }
    return 0;
  }
}
