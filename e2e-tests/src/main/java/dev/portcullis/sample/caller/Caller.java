package dev.portcullis.sample.caller;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point of the sample caller. */
@Command(
    name = "caller",
    description = "Calls a protected backend with the pod's own certificate.",
    mixinStandardHelpOptions = true,
    subcommands = {
      CallCommand.class,
      BurstCommand.class,
      LoadCommand.class,
      CertificateCommand.class
    })
public final class Caller {

  Caller() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Caller()).execute(args));
  }
}
