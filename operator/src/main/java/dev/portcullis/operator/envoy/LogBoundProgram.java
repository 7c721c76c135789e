package dev.portcullis.operator.envoy;

/** How many lines a worker thread of Envoy has written this second. The same text for everybody. */
final class LogBoundProgram {

  /**
   * What a program remembers that bounds lines; it has a NAME, under which it tells the log.
   *
   * @param lines a second and worker thread
   */
  static String state(int lines) {
    return """
    local LINES = %d

    local second, written, leftOut = 0, 0, 0
    """
        .formatted(lines);
  }

  /** The end of a function whose {@code handle} has one line more. */
  static final String COUNT =
      """
        local now = math.floor(handle:timestamp() / 1000)
        if now ~= second then
          second, written = now, 0
        end
        local about = handle:streamInfo():dynamicMetadata()
        if written == LINES then
          leftOut = leftOut + 1
          about:set(NAME, "line", "left-out")
          return
        end
        written = written + 1
        about:set(NAME, "line", "written")
        if leftOut > 0 then
          about:set(NAME, "leftOut", leftOut)
          leftOut = 0
        end
      end
      """;

  /** Of refused and failed requests. */
  static String refused(int lines) {
    return """
    local NAME = "portcullis.log_bound"
    %s
    function envoy_on_response(handle)
    %s"""
        .formatted(state(lines), COUNT);
  }

  /** Of allowed requests; what is in shadow has a line of its own. */
  static String allowed(int lines) {
    return """
    local NAME = "portcullis.allowed_log"
    %s
    function envoy_on_response(handle)
      if handle:streamInfo():dynamicMetadata():get("portcullis.shadow") ~= nil then
        return
      end
    %s"""
        .formatted(state(lines), COUNT);
  }

  private LogBoundProgram() {}
}
