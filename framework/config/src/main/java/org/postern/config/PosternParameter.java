package org.postern.config;

/**
 * One of Postern's own parameters.
 *
 * @param name begins with {@code postern_}
 * @param defaultValue as it would stand in postern.cf
 * @param least the smallest value that makes sense, for numbers, sizes and times (in seconds)
 * @param meaning one line
 * @param detail what an operator should know before changing it
 */
public record PosternParameter(
    String name, Type type, String defaultValue, long least, String meaning, String detail) {

  /** How a value is written. */
  public enum Type {
    /** {@code yes} or {@code no}. */
    BOOLEAN("yes or no"),
    /** A whole number. */
    INTEGER("number"),
    /** A whole number of bytes. */
    SIZE("bytes"),
    /** A whole number and s, m, h, d or w; without a unit, that of the default. */
    TIME("time"),
    /** A file or folder. */
    PATH("path"),
    /** Where to listen: a host's name or address, a colon, a port. */
    ADDRESS("host:port"),
    /** How far Postfix is on its way away from Berkeley DB: {@link MigrationLevel}. */
    LEVEL("level"),
    /** Words with white space or commas between them. */
    WORDS("words");

    private final String label;

    Type(String label) {
      this.label = label;
    }

    /** For documentation. */
    public String label() {
      return label;
    }
  }
}
