package org.postern.program.map;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.postern.platform.libc.FileCreation;
import org.postern.platform.libc.ProcessIdentity;
import org.postern.platform.text.FileTrouble;

/**
 * Where the pairs of a table come from: its source file, or standard input.
 *
 * @param name for messages
 * @param attributes user, group and mode
 */
record MapInput(String name, InputStream stream, Map<String, Object> attributes)
    implements AutoCloseable {
  private static final String ATTRIBUTES = "unix:uid,gid,mode";
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;

  /** What Postfix's programs begin with. */
  private static final int UMASK = 022;

  private static final int GROUP_AND_OTHERS = 077;

  /** Opens a source file. */
  static MapInput file(String name) throws MapException {
    try {
      Path path = Path.of(name);
      if (name.isEmpty()) {
        throw new NoSuchFileException(name);
      }
      return new MapInput(name, Files.newInputStream(path), Files.readAttributes(path, ATTRIBUTES));
    } catch (IOException e) {
      throw new MapException("open " + name + ": " + FileTrouble.words(e), e);
    }
  }

  /** Standard input, which may be a file. */
  static MapInput standard() throws MapException {
    try {
      return new MapInput(
          "stdin", System.in, Files.readAttributes(Path.of("/dev/stdin"), ATTRIBUTES));
    } catch (IOException e) {
      throw new MapException("standard input: " + e.getMessage(), e);
    }
  }

  private int attribute(String name) {
    return attributes.get(name) instanceof Integer value ? value : 0;
  }

  private boolean isFile() {
    return (attribute("mode") & FILE_TYPE) == REGULAR;
  }

  /** From now on, new files are such as a table from this source is to be. */
  void applyOwnerAndMode(MapOptions options) throws MapException {
    int hidden = ~attribute("mode") & GROUP_AND_OTHERS;
    int _ = FileCreation.umask(isFile() && options.modeOfSource() ? UMASK | hidden : UMASK);
    if (isFile() && options.asOwner() && ProcessIdentity.isRoot()) {
      try {
        FileCreation.actAs(attribute("uid"), attribute("gid"));
      } catch (IOException e) {
        throw new MapException(
            "cannot act as the owner of " + name + ": " + e.getMessage() + "; -o stays root", e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
