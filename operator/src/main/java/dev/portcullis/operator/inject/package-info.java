/**
 * Pod -> Pod, and the admission endpoint around it. Which policy selects a pod is handed in as a
 * function. In comes what the API server asks, out goes what it should change; only the root
 * package calls.
 */
package dev.portcullis.operator.inject;
