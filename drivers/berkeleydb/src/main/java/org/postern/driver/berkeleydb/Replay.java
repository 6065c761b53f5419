package org.postern.driver.berkeleydb;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.platform.libc.StoredFile;
import org.postern.platform.libc.SystemCallException;

/**
 * Writes into a table again what the transactions of its journal wrote, some or all of which a
 * crash may have lost.
 *
 * <p>Somebody who knows nothing of the journal may have written the table since: then there is a
 * sector that is none of those that the journal knows of it. Whoever writes a table has it on disk
 * before giving up the lock, with all that was in it by then. So the transactions up to the last
 * one that wrote such a sector are on disk or superseded, and only later ones are written again.
 */
final class Replay {
  private final StoredFile table;
  private final List<JournalRecord> records;

  /** The checksums of a sector that are known, by its position in the table. */
  private final Map<Long, Set<Integer>> known = new HashMap<>();

  Replay(StoredFile table, List<JournalRecord> records) {
    this.table = table;
    this.records = records;
  }

  /** Has all on disk that the journal holds. */
  void run() throws SystemCallException {
    for (JournalRecord record : records) {
      record.forEachSector((position, before, sector) -> {
        Set<Integer> checksums = known.computeIfAbsent(position, _ -> new HashSet<>());
        checksums.add(before);
        checksums.add(record.checksumAfter(sector));
      });
    }
    for (JournalRecord record : records.subList(firstToWrite(), records.size())) {
      record.apply(table);
    }
    table.sync();
  }

  private int firstToWrite() throws SystemCallException {
    Set<Long> foreign = foreignSectors();
    if (foreign.isEmpty()) {
      return 0;
    }
    for (int i = records.size(); i > 0; i--) {
      boolean[] wrote = {false};
      records.get(i - 1).forEachSector((at, _, _) -> wrote[0] |= foreign.contains(at));
      if (wrote[0]) {
        return i;
      }
    }
    return 0;
  }

  /** The positions of sectors that are as somebody else wrote them. */
  private Set<Long> foreignSectors() throws SystemCallException {
    Set<Long> foreign = new HashSet<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sector = arena.allocate(JournalRecord.SECTOR);
      for (Map.Entry<Long, Set<Integer>> entry : known.entrySet()) {
        sector.fill((byte) 0);
        table.read(sector, entry.getKey());
        if (!entry.getValue().contains(JournalRecord.checksum(sector))) {
          foreign.add(entry.getKey());
        }
      }
    }
    return foreign;
  }
}
