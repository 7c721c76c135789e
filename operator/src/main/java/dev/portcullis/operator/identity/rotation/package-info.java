/**
 * How one CA takes over from another without anybody noticing: prepare, distribute, uptake proved,
 * switch, wait, retire. What is kept and what was observed go in, the next step and what is to be
 * kept after it come out. No cluster, no clock, no thread.
 *
 * <p>{@link dev.portcullis.operator.identity.rotation.RotationMachine} decides; watch observes,
 * writes and tells.
 */
package dev.portcullis.operator.identity.rotation;
