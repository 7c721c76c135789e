package dev.portcullis.operator.envoy;

import dev.portcullis.operator.intent.Headers.Edits;
import io.envoyproxy.envoy.config.common.mutation_rules.v3.HeaderMutation;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.ArrayList;
import java.util.List;

/** A policy's header rules as Envoy's mutations, in the order that the rules promise. */
final class HeaderEdits {

  static List<HeaderMutation> of(Edits edits) {
    var mutations = new ArrayList<HeaderMutation>();
    edits.remove().forEach(name -> mutations.add(remove(name)));
    edits
        .set()
        .forEach(
            (name, value) ->
                mutations.add(
                    put(literal(name, value), HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)));
    edits
        .add()
        .forEach(
            (name, value) ->
                mutations.add(
                    put(literal(name, value), HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)));
    return mutations;
  }

  static HeaderMutation remove(String name) {
    return HeaderMutation.newBuilder().setRemove(name).build();
  }

  static HeaderMutation put(HeaderValueOption option) {
    return HeaderMutation.newBuilder().setAppend(option).build();
  }

  private static HeaderMutation put(HeaderValue header, HeaderAppendAction action) {
    return put(HeaderValueOption.newBuilder().setHeader(header).setAppendAction(action).build());
  }

  private static HeaderValue literal(String name, String value) {
    return HeaderValue.newBuilder().setKey(name).setValue(FormatText.literal(value)).build();
  }

  private HeaderEdits() {}
}
