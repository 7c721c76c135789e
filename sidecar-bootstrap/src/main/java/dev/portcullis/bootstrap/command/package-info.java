/**
 * What the container is told to do: read the environment, check, write, redirect; or say in one
 * sentence why not. The only package that touches files.
 */
package dev.portcullis.bootstrap.command;
