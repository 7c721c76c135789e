package dev.portcullis.operator.intent;

import java.util.List;

/**
 * What proves a caller from outside: a certificate of another CA that carries one of these names.
 *
 * @param names never empty
 */
public record Outside(Trust trust, List<SubjectName> names) {

  public Outside {
    names = List.copyOf(names);
  }
}
