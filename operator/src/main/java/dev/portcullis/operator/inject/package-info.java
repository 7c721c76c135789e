/**
 * Pod -> Pod, and the admission endpoint around it. Which policy selects a pod is handed in as a
 * function.
 */
package dev.portcullis.operator.inject;
