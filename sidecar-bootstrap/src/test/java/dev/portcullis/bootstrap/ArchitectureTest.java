package dev.portcullis.bootstrap;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Which package of the bootstrap may use which, and why. */
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.portcullis.bootstrap");

  @Test
  void theContractDependsOnNothing() {
    classes()
        .that()
        .resideInAPackage("..bootstrap.contract")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("..bootstrap.contract", "java.lang..", "java.util..")
        .because("the operator reads it too, and must not get the bootstrap's parts with it")
        .check(CLASSES);
  }

  @Test
  void renderingIsPure() {
    classes()
        .that()
        .resideInAPackage("..bootstrap.render")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "..bootstrap.render",
            "..bootstrap.contract",
            "..bootstrap.redirect",
            "io.envoyproxy..",
            "com.google.protobuf..",
            "java.lang..",
            "java.util..",
            "java.time",
            "java.nio.file")
        .andShould()
        .onlyDependOnClassesThat()
        .doNotBelongToAnyOf(Clock.class, Files.class, Instant.class, Process.class, System.class)
        .because("a golden proves it only when nothing but its settings decides")
        .check(CLASSES);
  }
}
