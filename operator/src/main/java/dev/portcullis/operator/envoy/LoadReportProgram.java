package dev.portcullis.operator.envoy;

/**
 * The load report, as each worker thread of Envoy makes it of what passed through it. Nothing of a
 * policy or a request is ever part of the text.
 *
 * <p>The time that all answers of a window took, divided by the window, is how many requests were
 * under way on average (Little's law). Nothing has to be counted down at a request's end, which a
 * broken stream would never reach.
 */
final class LoadReportProgram {

  static final String LUA =
      """
      local NAME = "portcullis.load_report"
      local HEADER = "endpoint-load-metrics"
      local WINDOW_SECONDS = 10
      local MICROS = 1000000

      local seconds, answers, failures, busy = {}, {}, {}, {}

      local function micros(handle)
        return tonumber(handle:timestampString(EnvoyTimestampResolution.MICROSECOND))
      end

      local function note(now, took, failed)
        local second = math.floor(now / MICROS)
        local place = second % WINDOW_SECONDS
        if seconds[place] ~= second then
          seconds[place], answers[place], failures[place], busy[place] = second, 0, 0, 0
        end
        answers[place] = answers[place] + 1
        -- Less than nothing only if the clock was set; nothing at all would be no report.
        busy[place] = busy[place] + math.max(took, 1)
        if failed then
          failures[place] = failures[place] + 1
        end
      end

      local function report(now, capacity)
        local before = math.floor(now / MICROS) - WINDOW_SECONDS
        local answered, failed, spent = 0, 0, 0
        for place, second in pairs(seconds) do
          if second > before then
            answered = answered + answers[place]
            failed = failed + failures[place]
            spent = spent + busy[place]
          end
        end
        return string.format(
          "TEXT application_utilization=%.9f,rps_fractional=%.1f,eps=%.1f",
          spent / (WINDOW_SECONDS * MICROS * capacity),
          answered / WINDOW_SECONDS,
          failed / WINDOW_SECONDS)
      end

      function envoy_on_request(handle)
        handle:streamInfo():dynamicMetadata():set(NAME, "asked", micros(handle))
        -- The application's time begins when it has all of the request, or of a handshake.
        if handle:headers():get("upgrade") == nil then
          local hasBody = false
          for _ in handle:bodyChunks() do hasBody = true end
          if hasBody then
            -- What was had before the wait for a body is of no use after it.
            handle:streamInfo():dynamicMetadata():set(NAME, "asked", micros(handle))
          end
        end
      end

      function envoy_on_response(handle)
        local about = handle:streamInfo():dynamicMetadata():get(NAME)
        if about == nil then
          return
        end
        local headers = handle:headers()
        local now = micros(handle)
        note(now, now - about["asked"], tonumber(headers:get(":status")) >= 500)
        if headers:get(HEADER) == nil and headers:get(HEADER .. "-bin") == nil then
          headers:replace(HEADER, report(now, handle:metadata():get("capacity")))
        end
      end
      """;

  private LoadReportProgram() {}
}
