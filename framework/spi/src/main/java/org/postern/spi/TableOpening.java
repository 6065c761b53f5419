package org.postern.spi;

import java.nio.file.Path;

/**
 * One request to open a table: what a driver is told, and what it can ask of the host meanwhile.
 */
public interface TableOpening {

  /** The table's type: one of the driver's {@link TableDriver#maptypes()}. */
  String maptype();

  /**
   * The table's name, everything after the first colon of {@code type:name}, decoded as UTF-8.
   * Never empty.
   */
  String name();

  /** The table's name as the client sent it, for tables whose name holds data (static, inline). */
  byte[] nameBytes();

  /** Whether the table may be changed through this instance. */
  Access access();

  /** The client's instance flags, reduced to those of {@link TableDriver#instanceFlags()}. */
  int instanceFlags();

  /** The parameters of main.cf and what overrides it, as they were when this opening began. */
  Parameters parameters();

  /**
   * Tells the host to open this table anew when the file changes, appears or goes. Call it
   * <em>before</em> reading the file, so that no change in between is missed; also for a file that
   * does not exist, so that the table is there as soon as the file is. Each file is checked once a
   * second at most.
   *
   * @param file absolute, or relative to Postfix's queue_directory
   */
  void watch(Path file);

  /**
   * Tells the host to open this table anew when another file has this name, or none: for a table
   * that changes the file itself and sees what others change in it, so that neither is a reason to.
   *
   * @param file absolute, or relative to Postfix's queue_directory
   */
  @Since("1.2")
  default void watchName(Path file) {
    watch(file);
  }

  /**
   * Opens a table that this one is made of, through the host's cache: clients and other tables that
   * ask for the same one share it. It stays open as long as the table being opened, which the host
   * opens anew when the member has changed, so that {@link Table#flags()} and {@link
   * Table#backend()} of a member are constant too.
   *
   * <p>A call checks the key for UTF-8 and folds its case as the flags in the call ask and as the
   * member's type does it; the value is checked likewise. The member's own flags have {@link
   * TableFlags#UTF8_ACTIVE} among them when it does so by UTF-8, and a table that shows this flag
   * as one of its own leaves all that to its member.
   *
   * <p>A member that cannot be opened is a table that answers {@link Retry}, and has {@link
   * TableFlags#SURROGATE} set; so is one that has this table as a member.
   *
   * @param typeAndName the bytes of {@code type:name}; {@code proxy:} before them is ignored
   */
  Table openMember(byte[] typeAndName);

  /**
   * Reserves room in the Java heap, before it is used, for a table whose size an operator's file
   * decides: several large tables that are opened at one time must not exhaust it together. What is
   * reserved is given back when the opening ends.
   *
   * @param bytes how much more than was reserved before
   * @throws TableUnavailableException when there is no room for so much
   */
  @Since("1.3")
  default void reserve(long bytes) throws TableUnavailableException {}

  /**
   * For what an operator should know about this table. Messages name the table or its file; the
   * host writes the line as Postfix writes its own.
   */
  System.Logger logger();
}
