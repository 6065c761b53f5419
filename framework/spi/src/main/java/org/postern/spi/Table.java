package org.postern.spi;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An open lookup table. Called from several threads at once, and never after {@link #close()}.
 *
 * <p>A table that promises {@link #answersFromMemory()} is called on the event loop that serves
 * every client. All others are called by workers, but for {@link #lookupAtOnce}: those of the
 * {@link #backend()} that they name, or some that the host has for this table alone.
 *
 * <p>A call that takes longer than {@code postern_lookup_timeout} is given up: its client has RETRY
 * by then, its thread is interrupted, and another thread takes its place while it goes on.
 */
public interface Table extends AutoCloseable {

  /**
   * The type's own flag bits, as the reply to an open request shows them: {@link TableFlags#FIXED}
   * or {@link TableFlags#PATTERN}, the try bits, {@link TableFlags#MULTI_WRITER}. Constant.
   */
  int flags();

  /**
   * Whether {@link #lookup} and the walk of {@link #sequence} answer from memory, within some
   * microseconds: they take no lock that another thread may hold for long, and wait for no file,
   * server or process. A promise: the host calls them on the event loop, where one call that waits
   * keeps every client of every table waiting. For a table without a {@link #backend()}. Constant.
   *
   * @return false by default: workers call them
   */
  @Since("1.3")
  default boolean answersFromMemory() {
    return false;
  }

  /**
   * What this table waits for. Constant.
   *
   * @return empty when it names nothing (the default): then its calls are made on the event loop if
   *     it {@linkplain #answersFromMemory() promises} that they can be, and else by workers that
   *     the host has for this table, {@code postern_pool_size} of them
   */
  default Optional<Backend> backend() {
    return Optional.empty();
  }

  /**
   * Finds the value of a key.
   *
   * @param key the key's bytes, without a terminating NUL, checked and case-folded as the flags
   *     ask; not to be changed
   * @param flags the flags in force for this request: {@link TableFlags}
   */
  LookupResult lookup(byte[] key, int flags);

  /**
   * Finds the value of a key if that takes no waiting and no more than some microseconds. Asked on
   * the event loop, of a table that does not {@linkplain #answersFromMemory() promise} that for all
   * keys, before a worker is asked to {@link #lookup}: of use to a table that waits for some keys.
   *
   * @param key as for {@link #lookup}
   * @param flags as for {@link #lookup}
   * @return null when a worker has to do it
   */
  default @Nullable LookupResult lookupAtOnce(byte[] key, int flags) {
    return null;
  }

  /**
   * Looks a key up as {@link #lookup} does, and tells meanwhile how: which server is asked, the
   * query as it is sent, the rule that matched. For {@code postern explain}. May wait as long as a
   * lookup, whatever {@link #backend()} says; not called on an event loop. Which files the table
   * was read from, and what came of the lookup, the host tells by itself.
   *
   * @param key as for {@link #lookup}
   * @param flags as for {@link #lookup}
   * @param told takes lines of text, each as soon as it is known; without a password. Control
   *     characters, of a key for example, do no harm
   * @return what {@link #lookup} would have returned
   */
  @Since("1.2")
  default LookupResult explain(byte[] key, int flags, Consumer<String> told) {
    return lookup(key, flags);
  }

  /**
   * Stores a value, in place of the old one if there is one. It is on disk when this returns.
   * Called on a worker: of a table without a backend, one change at a time; of others, as many at
   * once as the backend has workers, so that changes which wait can go to disk together.
   *
   * @param key as for {@link #lookup}
   * @param value the value's bytes, without a terminating NUL
   * @param flags as for {@link #lookup}
   */
  default ChangeResult update(byte[] key, byte[] value, int flags) {
    return Retry.UPDATE_UNSUPPORTED;
  }

  /**
   * Removes a key and its value. It is on disk when this returns.
   *
   * @return {@link NotFound} when there is no such key
   */
  default ChangeResult delete(byte[] key, int flags) {
    return Retry.DELETE_UNSUPPORTED;
  }

  /**
   * Starts a walk through the whole table. Each client connection has its own.
   *
   * @param flags as for {@link #lookup}
   */
  default Sequence sequence(int flags) {
    return Sequence.UNSUPPORTED;
  }

  /**
   * What an operator wants to know about this table, for {@code postern check}: what it is
   * connected to and how, what it will ask. May wait as long as a lookup.
   *
   * @return lines of text, without a password; none by default
   * @throws TableUnavailableException when it could not answer a lookup now, with the reason
   */
  default List<String> describe() throws TableUnavailableException {
    return List.of();
  }

  /**
   * The servers that this table asks, for those who watch over Postern. Asked now and then, on any
   * thread; does not wait.
   *
   * @return none by default
   */
  @Since("1.2")
  default List<BackendServer> servers() {
    return List.of();
  }

  /** Gives up files, memory and connections. Called once, when the last call into it has ended. */
  @Override
  default void close() {}
}
