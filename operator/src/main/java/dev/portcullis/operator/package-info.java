/**
 * The wiring: what one replica is made of ({@code Portcullis}), what may be set ({@code
 * OperatorConfig}), and its life inside Quarkus. Imports every package; none imports it.
 */
package dev.portcullis.operator;
