package dev.portcullis.operator.identity.rotation;

import dev.portcullis.operator.identity.CaMaterial;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A succession as the files of one Secret. The present CA has the names of {@link CaMaterial}; the
 * heir's begin with {@value #HEIR}, an elder's with {@code old-<number>-}; {@value #NOTES} holds
 * the rest as lines of text.
 */
public final class SuccessionFiles {

  public static final String NOTES = "rotation";
  static final String HEIR = "next-";

  private static final Set<String> CURRENT =
      Set.of(
          CaMaterial.ROOT_CERTIFICATE,
          CaMaterial.ROOT_KEY,
          CaMaterial.ISSUING_CERTIFICATE,
          CaMaterial.ISSUING_KEY);

  private SuccessionFiles() {}

  /** File name to text. Holds private keys: for the Secret only. */
  public static Map<String, String> write(Succession kept) {
    var files = new TreeMap<>(kept.current().material().files());
    kept.heir()
        .ifPresent(heir -> files.putAll(prefixed(HEIR, heir.generation().material().files())));
    kept.elders().forEach(elder -> files.putAll(files(elder)));
    files.put(NOTES, SuccessionNotes.write(kept));
    return files;
  }

  /** Whether a file of this name is one of these. */
  public static boolean isOurs(String name) {
    return name.equals(NOTES) || CURRENT.contains(name) || name.startsWith(HEIR) || isElders(name);
  }

  static String elder(int number) {
    return "old-" + number + "-";
  }

  private static boolean isElders(String name) {
    return name.matches("old-[0-9]+-.*");
  }

  private static Map<String, String> files(Elder elder) {
    var files =
        elder
            .material()
            .map(CaMaterial::files)
            .orElseGet(
                () ->
                    CaMaterial.certificates(
                        elder.certificates().root(), elder.certificates().issuing()));
    return prefixed(elder(elder.number()), files);
  }

  private static Map<String, String> prefixed(String prefix, Map<String, String> files) {
    var all = new TreeMap<String, String>();
    files.forEach((name, text) -> all.put(prefix + name, text));
    return all;
  }
}
