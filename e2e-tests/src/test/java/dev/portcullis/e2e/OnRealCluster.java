package dev.portcullis.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs against one installation shared by all test classes, and hands it in as a parameter.
 * Skipped, loudly, where there is neither a container engine nor a given cluster.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(InstallationExtension.class)
@interface OnRealCluster {}
