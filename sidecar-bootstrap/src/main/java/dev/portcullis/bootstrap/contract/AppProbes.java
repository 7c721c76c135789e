package dev.portcullis.bootstrap.contract;

import java.util.List;
import java.util.stream.Collectors;

/** The text form of a list of probes: one per line, the index is the line's. */
public final class AppProbes {

  private static final int LARGEST_PORT = 65535;

  private AppProbes() {}

  /** What {@link SidecarEnv#APP_PROBES} holds. */
  public static String format(List<AppProbe> probes) {
    return probes.stream().map(AppProbe::line).collect(Collectors.joining("\n"));
  }

  /**
   * Reads what {@link #format} wrote; an empty text is an empty list.
   *
   * @throws IllegalArgumentException with a sentence that names the line
   */
  public static List<AppProbe> parse(String text) {
    return text.isEmpty() ? List.of() : text.lines().map(AppProbes::parseLine).toList();
  }

  private static AppProbe parseLine(String line) {
    var words = line.split(" ", 3);
    if (words.length < 2) {
      throw unreadable(line);
    }
    var port = port(words[1], line);
    var rest = words.length == 3 ? words[2] : "";
    return switch (words[0]) {
      case "http" -> new AppProbe.HttpGet(port, path(rest, line));
      case "https" -> new AppProbe.HttpsGet(port, path(rest, line));
      case "tcp" -> new AppProbe.TcpSocket(port);
      case "grpc" -> new AppProbe.Grpc(port, rest);
      default -> throw unreadable(line);
    };
  }

  private static String path(String word, String line) {
    if (word.startsWith("/")) {
      return word;
    }
    throw unreadable(line);
  }

  private static int port(String word, String line) {
    try {
      var port = Integer.parseInt(word);
      if (port >= 1 && port <= LARGEST_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw unreadable(line);
    }
    throw unreadable(line);
  }

  private static IllegalArgumentException unreadable(String line) {
    return new IllegalArgumentException(
        "'"
            + line
            + "' is no probe; expected 'http PORT /PATH', 'https PORT /PATH', 'tcp PORT' or"
            + " 'grpc PORT SERVICE'");
  }
}
