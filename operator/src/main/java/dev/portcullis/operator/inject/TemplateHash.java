package dev.portcullis.operator.inject;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Content hash of what is injected. */
final class TemplateHash {

  private static final int BYTES = 8;
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private TemplateHash() {}

  static String of(Sidecar sidecar) {
    var content = SERIALIZATION.asJson(List.of(sidecar.init(), sidecar.proxy(), sidecar.volumes()));
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(digest, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
