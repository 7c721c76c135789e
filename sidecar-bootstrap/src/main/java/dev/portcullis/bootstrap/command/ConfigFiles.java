package dev.portcullis.bootstrap.command;

import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes Envoy's files as binary protobuf: Envoy tells by the suffix {@code .pb}. */
final class ConfigFiles {

  private ConfigFiles() {}

  static void write(Path file, Message message) throws Refusal {
    try {
      Files.write(file, message.toByteArray());
    } catch (IOException e) {
      throw new Refusal(
          "The file "
              + file
              + " could not be written ("
              + e
              + "). Check that portcullis-init always runs as the same user.");
    }
  }
}
