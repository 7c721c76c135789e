package dev.portcullis.operator.identity.rotation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portcullis.operator.identity.CaInspection;
import dev.portcullis.operator.identity.CaInspector;
import dev.portcullis.operator.identity.CaMaterial;
import dev.portcullis.operator.identity.SigningPair;
import dev.portcullis.operator.identity.TrustBundle;
import dev.portcullis.operator.identity.rotation.SuccessionInspection.RootOnly;
import dev.portcullis.operator.identity.rotation.SuccessionInspection.Sound;
import dev.portcullis.operator.identity.rotation.SuccessionInspection.Unsound;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a succession from the files of a Secret that anyone may have edited. One damaged file
 * condemns them all: whoever changed one may have changed others.
 */
public final class SuccessionInspector {

  private final Map<String, byte[]> files;

  private SuccessionInspector(Map<String, byte[]> files) {
    this.files = files;
  }

  public static SuccessionInspection inspect(Map<String, byte[]> files) {
    return new SuccessionInspector(files).inspect();
  }

  private SuccessionInspection inspect() {
    return switch (CaInspector.inspect(files)) {
      case CaInspection.Unsound(String reason) -> new Unsound(reason);
      case CaInspection.RootOnly(SigningPair root) -> new RootOnly(root);
      case CaInspection.Sound(CaMaterial current) -> withRest(current);
    };
  }

  private SuccessionInspection withRest(CaMaterial current) {
    try {
      var notes = notes();
      return new Sound(
          new Succession(
              new Generation(notes.number(), current),
              notes.standing(),
              heir(notes),
              elders(notes),
              notes.ledger()));
    } catch (IllegalArgumentException e) {
      return new Unsound(e.getMessage());
    }
  }

  private SuccessionNotes notes() {
    var content = files.get(SuccessionFiles.NOTES);
    try {
      return content == null
          ? SuccessionNotes.none()
          : SuccessionNotes.read(new String(content, UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(SuccessionFiles.NOTES + ": " + e.getMessage(), e);
    }
  }

  private Optional<Heir> heir(SuccessionNotes notes) {
    return notes
        .heir()
        .map(
            note ->
                new Heir(
                    new Generation(note.number(), material(SuccessionFiles.HEIR)),
                    note.kind(),
                    note.cause(),
                    note.begun(),
                    note.distributed()));
  }

  private List<Elder> elders(SuccessionNotes notes) {
    var elders = new ArrayList<Elder>();
    notes.elders().forEach((number, note) -> elders.add(elder(number, note)));
    return elders;
  }

  private Elder elder(int number, SuccessionNotes.ElderNote note) {
    var prefix = SuccessionFiles.elder(number);
    var keys =
        files.containsKey(prefix + CaMaterial.ISSUING_KEY)
            ? Optional.of(material(prefix))
            : Optional.<CaMaterial>empty();
    var certificates =
        new Elder.Certificates(
            certificate(prefix + CaMaterial.ROOT_CERTIFICATE),
            certificate(prefix + CaMaterial.ISSUING_CERTIFICATE));
    return new Elder(
        number, certificates, keys, note.replaced(), note.lastLeafEnds(), note.standing());
  }

  private CaMaterial material(String prefix) {
    return switch (CaInspector.inspect(without(prefix))) {
      case CaInspection.Sound(CaMaterial material) -> material;
      case CaInspection.RootOnly rootOnly ->
          throw new IllegalArgumentException(prefix + "issuing.crt is missing or empty");
      case CaInspection.Unsound(String reason) ->
          throw new IllegalArgumentException(prefix + reason);
    };
  }

  private X509Certificate certificate(String name) {
    var text = new String(files.getOrDefault(name, new byte[0]), UTF_8);
    try {
      var found = TrustBundle.ofPem(text).roots();
      if (found.size() == 1) {
        return found.getFirst();
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is not a certificate", e);
    }
    throw new IllegalArgumentException(name + " must hold exactly one certificate");
  }

  private Map<String, byte[]> without(String prefix) {
    var stripped = new HashMap<String, byte[]>();
    files.forEach(
        (name, content) -> {
          if (name.startsWith(prefix)) {
            stripped.put(name.substring(prefix.length()), content);
          }
        });
    return stripped;
  }
}
