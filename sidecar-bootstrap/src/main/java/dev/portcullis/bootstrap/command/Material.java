package dev.portcullis.bootstrap.command;

import dev.portcullis.bootstrap.contract.KeyDelivery;
import dev.portcullis.bootstrap.render.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What must be in the pod before Envoy may start: key, certificates, roots, token. */
record Material(Layout layout, KeyDelivery keys) {
  private static final String CERTIFICATE = "-----BEGIN CERTIFICATE-----";
  private static final String PRIVATE_KEY = "PRIVATE KEY-----";

  void check() throws Refusal {
    switch (keys) {
      case KUBELET -> checkMounted();
      case STREAM -> checkRoots("ConfigMap (kubectl get configmap portcullis-trust)");
    }
    requireIn(
        layout.xdsToken(),
        ".",
        new Wanted(
            "the service account token for the operator",
            "Check the volume portcullis-token and the pod's service account."));
    requireWritable(layout.configDir());
  }

  private void checkMounted() throws Refusal {
    var bundle = layout.credentialBundle();
    var identity =
        "Check the volume portcullis-identity and that the operator signs certificate requests"
            + " (kubectl get podcertificaterequests).";
    requireIn(bundle, PRIVATE_KEY, new Wanted("the pod's private key", identity));
    requireIn(bundle, CERTIFICATE, new Wanted("the pod's certificate", identity));
    checkRoots("ClusterTrustBundle (kubectl get clustertrustbundles)");
  }

  private void checkRoots(String publishedAs) throws Refusal {
    requireIn(
        layout.trustBundle(),
        CERTIFICATE,
        new Wanted(
            "the trust bundle",
            "Check the volume portcullis-trust and that the operator has published its "
                + publishedAs
                + "."));
  }

  /** What a file should hold, and what to do when it does not. */
  private record Wanted(String what, String advice) {}

  private static void requireIn(Path file, String mark, Wanted wanted) throws Refusal {
    if (!read(file, wanted).contains(mark)) {
      throw new Refusal(
          "The file " + file + " does not hold " + wanted.what() + ". " + wanted.advice());
    }
  }

  private static String read(Path file, Wanted wanted) throws Refusal {
    if (!Files.exists(file)) {
      throw new Refusal(
          "The file " + file + " with " + wanted.what() + " is missing. " + wanted.advice());
    }
    try {
      return Files.readString(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new Refusal(
          "The file " + file + " with " + wanted.what() + " cannot be read. " + wanted.advice());
    }
  }

  private static void requireWritable(Path directory) throws Refusal {
    if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
      throw new Refusal(
          "The directory "
              + directory
              + " cannot be written to. Check that the volume portcullis-config is mounted there"
              + " read-write.");
    }
  }
}
