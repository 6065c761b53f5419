package org.postern.spi;

/**
 * Something that tables wait for: a database, a directory, a name service. The host gives every
 * backend its own workers and its own bounded queue, so that one that hangs delays only those who
 * ask it.
 *
 * @param name tables whose backends have the same name share its workers, whichever driver they
 *     come from: {@code mysql:inet:db.example.com:3306/mail}
 * @param workers how many calls may be under way at once, at least 1; as many as there are
 *     connections to it
 */
public record Backend(String name, int workers) {
  public Backend {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a backend needs a name");
    }
    if (workers < 1) {
      throw new IllegalArgumentException("backend " + name + ": workers < 1: " + workers);
    }
  }
}
