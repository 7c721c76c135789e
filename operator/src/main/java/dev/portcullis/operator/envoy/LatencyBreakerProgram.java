package dev.portcullis.operator.envoy;

/**
 * The latency breaker, as each worker thread of Envoy runs it for itself. Nothing of a policy or a
 * request is ever part of the text.
 *
 * <p>That the percentile exceeds the latency means that more than the rest were slower; so two
 * counts for each of the last seconds are enough.
 */
final class LatencyBreakerProgram {

  static final String LUA =
      """
      local NAME = "portcullis.latency_breaker"
      local WINDOW_SECONDS = 10
      local ENOUGH = 20

      local seconds, totals, slows = {}, {}, {}
      -- Answers to what was asked before the breaker closed say nothing of the time after.
      local epoch = 0
      -- Set while it is open; the second one while a probe is under way, which may never be answered.
      local openUntil, probeUntil = nil, nil

      local function note(now, slow)
        local second = math.floor(now / 1000)
        local place = second % WINDOW_SECONDS
        if seconds[place] ~= second then
          seconds[place], totals[place], slows[place] = second, 0, 0
        end
        totals[place] = totals[place] + 1
        if slow then
          slows[place] = slows[place] + 1
        end
      end

      local function isTooSlow(now, percentile)
        local before = math.floor(now / 1000) - WINDOW_SECONDS
        local total, slow = 0, 0
        for place, second in pairs(seconds) do
          if second > before then
            total, slow = total + totals[place], slow + slows[place]
          end
        end
        return total >= ENOUGH and slow * 100 > total * (100 - percentile)
      end

      -- The clock may be set: an end that is further away than it was made is none.
      local function isAhead(moment, now, length)
        return moment ~= nil and now < moment and moment - now <= length
      end

      function envoy_on_request(handle)
        local open = handle:metadata():get("openMs")
        local now = handle:timestamp()
        local about = handle:streamInfo():dynamicMetadata()
        if openUntil ~= nil then
          if isAhead(openUntil, now, open) or isAhead(probeUntil, now, open) then
            about:set(NAME, "answer", "open")
            handle:respond({[":status"] = "503"}, "")
            return
          end
          probeUntil = now + open
          about:set(NAME, "answer", "probe")
        end
        about:set(NAME, "epoch", epoch)
        -- The application's time begins when it has all of the request, or of a handshake: what
        -- passes after that may never end.
        if handle:headers():get("upgrade") == nil then
          for _ in handle:bodyChunks() do end
        end
        -- What was had before the wait for a body is of no use after it.
        handle:streamInfo():dynamicMetadata():set(NAME, "asked", handle:timestamp())
      end

      function envoy_on_response(handle)
        local about = handle:streamInfo():dynamicMetadata():get(NAME)
        if about == nil or about["asked"] == nil or about["epoch"] ~= epoch then
          return
        end
        local numbers = handle:metadata()
        local open = numbers:get("openMs")
        local now = handle:timestamp()
        local slow = now - about["asked"] > numbers:get("latencyMs")
        if about["answer"] == "probe" then
          probeUntil = nil
          if slow then
            openUntil = now + open
          else
            openUntil = nil
            epoch = epoch + 1
            seconds, totals, slows = {}, {}, {}
          end
        elseif openUntil == nil then
          note(now, slow)
          if isTooSlow(now, numbers:get("percentile")) then
            openUntil, probeUntil = now + open, nil
          end
        end
      end
      """;

  private LatencyBreakerProgram() {}
}
