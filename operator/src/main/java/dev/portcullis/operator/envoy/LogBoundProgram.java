package dev.portcullis.operator.envoy;

/** How many lines a worker thread of Envoy has written this second. The same text for everybody. */
final class LogBoundProgram {

  /** A second and worker thread: enough to see what goes on, too few to fill a disk by. */
  static final int LINES = 20;

  static final String LUA =
      """
      local NAME = "portcullis.log_bound"
      local LINES = %d

      local second, written, leftOut = 0, 0, 0

      function envoy_on_response(handle)
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
      """
          .formatted(LINES);

  private LogBoundProgram() {}
}
