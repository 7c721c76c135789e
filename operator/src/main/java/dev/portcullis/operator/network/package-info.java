/** BackendIntent -> NetworkPolicies: pure. Called by watch, which applies them. */
package dev.portcullis.operator.network;
