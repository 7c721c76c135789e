package dev.portcullis.operator.envoy;

/** How many lines a worker thread of Envoy has written this second. The same text for everybody. */
final class LogBoundProgram {

  /** A second and worker thread: enough to see what goes on, too few to fill a disk by. */
  static final int LINES = 20;

  /** What a program remembers that bounds lines; it has a NAME, under which it tells the log. */
  static final String STATE =
      """
      local LINES = %d

      local second, written, leftOut = 0, 0, 0
      """
          .formatted(LINES);

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

  static final String LUA =
      """
      local NAME = "portcullis.log_bound"
      %s
      function envoy_on_response(handle)
      %s"""
          .formatted(STATE, COUNT);

  private LogBoundProgram() {}
}
