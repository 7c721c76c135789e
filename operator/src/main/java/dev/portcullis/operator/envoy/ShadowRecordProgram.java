package dev.portcullis.operator.envoy;

/**
 * Reads the marks of a request in the order in which the rules would have refused it, and counts
 * its body. Nothing of a policy or a request is ever part of the text.
 */
final class ShadowRecordProgram {

  /**
   * @param lines a second and worker thread
   */
  static String lua(int lines) {
    return """
      local NAME = "portcullis.shadow"
      local DENIED = "denied"
      %s
      local function refusing(handle)
        local about = handle:streamInfo():dynamicMetadata()
        local rbac = about:get("envoy.filters.http.rbac") or {}
        if rbac["caller_shadow_engine_result"] == DENIED then
          return "callers"
        end
        local key = about:get("portcullis.api_keys") or {}
        if key["answer"] ~= nil then
          return "key"
        end
        if rbac["proof_shadow_engine_result"] == DENIED then
          return string.match(rbac["proof_shadow_effective_policy_id"], "[^:]+$")
        end
        local limits = handle:headers():get("x-portcullis-shadow-limits")
        if limits ~= nil then
          return "rate:" .. limits
        end
        return handle:metadata():get("rule")
      end

      local function note(handle, rule)
        handle:streamInfo():dynamicMetadata():set(NAME, "rule", rule)
      %s
      function envoy_on_request(handle)
        local rule = refusing(handle)
        if rule ~= nil then
          note(handle, rule)
          return
        end
        local most = handle:metadata():get("mostBytes")
        if most == nil then
          return
        end
        local seen = 0
        for chunk in handle:bodyChunks() do
          seen = seen + chunk:length()
          if seen > most then
            note(handle, "body")
            return
          end
        end
      end
      """
        .formatted(LogBoundProgram.state(lines), LogBoundProgram.COUNT);
  }

  private ShadowRecordProgram() {}
}
