package dev.portcullis.operator.envoy;

/**
 * Whose key a request shows, as each worker thread of Envoy finds it. Nothing of a policy or a
 * request is ever part of the text.
 *
 * <p>Envoy gives Lua no digest, so SHA-256 is written out. What it knows of clients are digests,
 * and digests are all it compares: how long that takes says nothing of a key.
 */
final class ApiKeyProgram {

  static final String LUA =
      """
      local NAME = "portcullis.api_keys"
      local SHORTEST, LONGEST = 32, 128

      local band, bnot, bor, bxor = bit.band, bit.bnot, bit.bor, bit.bxor
      local lshift, ror, rshift = bit.lshift, bit.ror, bit.rshift
      local tobit, tohex = bit.tobit, bit.tohex

      -- FIPS 180-4: the first 32 bits of the fractions of cube and square roots of the first primes.
      local ROUND, START = {}, {}
      do
        local function fraction(x)
          return tobit(math.floor((x - math.floor(x)) * 4294967296))
        end
        local primes, candidate = {}, 2
        while #primes < 64 do
          local isPrime = true
          for _, prime in ipairs(primes) do
            isPrime = isPrime and candidate % prime ~= 0
          end
          if isPrime then
            primes[#primes + 1] = candidate
          end
          candidate = candidate + 1
        end
        for place, prime in ipairs(primes) do
          ROUND[place - 1] = fraction(prime ^ (1 / 3))
          START[place] = fraction(prime ^ 0.5)
        end
      end

      local words = {}

      local function schedule(text, at)
        for i = 0, 15 do
          local a, b, c, d = string.byte(text, at + 4 * i, at + 4 * i + 3)
          words[i] = bor(lshift(a, 24), lshift(b, 16), lshift(c, 8), d)
        end
        for i = 16, 63 do
          local x, y = words[i - 15], words[i - 2]
          words[i] = tobit(words[i - 16] + words[i - 7]
            + bxor(ror(x, 7), ror(x, 18), rshift(x, 3))
            + bxor(ror(y, 17), ror(y, 19), rshift(y, 10)))
        end
      end

      local function digest(key)
        local length = #key * 8
        local text = key .. "\\128" .. string.rep("\\0", (55 - #key) % 64 + 6)
          .. string.char(rshift(length, 8), band(length, 255))
        local s1, s2, s3, s4, s5, s6, s7, s8 = unpack(START, 1, 8)
        for at = 1, #text, 64 do
          schedule(text, at)
          local a, b, c, d, e, f, g, h = s1, s2, s3, s4, s5, s6, s7, s8
          for i = 0, 63 do
            local one = h + bxor(ror(e, 6), ror(e, 11), ror(e, 25))
              + bxor(band(e, f), band(bnot(e), g)) + ROUND[i] + words[i]
            local two = bxor(ror(a, 2), ror(a, 13), ror(a, 22))
              + bxor(band(a, b), band(a, c), band(b, c))
            h, g, f, e, d, c, b, a = g, f, e, tobit(d + one), c, b, a, tobit(one + two)
          end
          s1, s2, s3, s4 = tobit(s1 + a), tobit(s2 + b), tobit(s3 + c), tobit(s4 + d)
          s5, s6, s7, s8 = tobit(s5 + e), tobit(s6 + f), tobit(s7 + g), tobit(s8 + h)
        end
        return tohex(s1) .. tohex(s2) .. tohex(s3) .. tohex(s4)
          .. tohex(s5) .. tohex(s6) .. tohex(s7) .. tohex(s8)
      end

      -- Envoy copies all of it each time that it is asked. It lives and ends with this program.
      local settings = nil

      local function settingsOf(handle)
        if settings == nil then
          local given = handle:filterContext()
          settings = {
            header = given:get("header"),
            clientHeader = given:get("clientHeader"),
            clients = given:get("clients")
          }
        end
        return settings
      end

      local function refuse(handle, why)
        handle:streamInfo():dynamicMetadata():set(NAME, "answer", why)
        handle:respond({[":status"] = "401", ["www-authenticate"] = "ApiKey"}, "")
      end

      function envoy_on_request(handle)
        local withoutKey = handle:metadata():get("withoutKey")
        if withoutKey == nil then
          return
        end
        local known = settingsOf(handle)
        local about = handle:streamInfo():dynamicMetadata()
        local headers = handle:headers()
        local shown = headers:getNumValues(known.header)
        if shown == 0 and withoutKey == "ask-for-token" then
          about:set(NAME, "token", "required")
          return
        end
        if shown ~= 1 then
          refuse(handle, shown == 0 and "missing" or "doubled")
          return
        end
        local key = headers:get(known.header)
        if #key < SHORTEST or #key > LONGEST then
          refuse(handle, "unfit")
          return
        end
        local client = known.clients[digest(key)]
        if client == nil then
          refuse(handle, "unknown")
          return
        end
        about:set(NAME, "client", client)
        about:set(NAME, "token", "optional")
        if known.clientHeader ~= nil then
          headers:replace(known.clientHeader, client)
        end
      end
      """;

  private static final String ANSWER =
      """
        handle:respond({[":status"] = "401", ["www-authenticate"] = "ApiKey"}, "")
      """;

  /** The same one, which answers nothing on a route that denies nothing. */
  static final String SHADOWING_LUA =
      LUA.replace(
          ANSWER,
          """
        if handle:metadata():get("mode") ~= "shadow" then
          handle:respond({[":status"] = "401", ["www-authenticate"] = "ApiKey"}, "")
        end
      """);

  private ApiKeyProgram() {}
}
