package org.postern.tablekit;

/**
 * A password, which shows itself nowhere by accident: a record that holds one can be printed.
 *
 * @param value a byte string, as the table's file has it; empty when there is none
 */
public record Secret(String value) {

  @Override
  public String toString() {
    return value.isEmpty() ? "(none)" : "(not shown)";
  }
}
