package org.postern.platform.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.postern.spi.TableOpening;
import org.postern.spi.TableUnavailableException;

/**
 * Values that name files (the flag {@code src_rhs_is_file}, {@code postmap -F}): the value is what
 * is in the files, one after the other with a line feed between them, in base64.
 */
public final class ValueFiles {
  /** In base64 it must still be an array. */
  private static final int LARGEST_VALUE = Integer.MAX_VALUE / 4 * 3 - 64;

  private final TableOpening opening;
  private final HeapLimit heap;

  public ValueFiles(TableOpening opening, HeapLimit heap) {
    this.opening = opening;
    this.heap = heap;
  }

  /**
   * Reads the files that a value names.
   *
   * @param names a byte string: file names between white space and commas
   * @return a byte string
   * @throws TableUnavailableException when one of them cannot be read: says which and why
   */
  public String read(String names) throws TableUnavailableException {
    List<String> files =
        Arrays.stream(names.split("[, \t\r\n]+")).filter(name -> !name.isEmpty()).toList();
    if (files.isEmpty()) {
      throw new TableUnavailableException(
          "empty pathname list: >>" + ByteText.printable(names) + "<<'");
    }
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (String name : files) {
      if (content.size() > 0 || !name.equals(files.getFirst())) {
        content.write('\n');
      }
      append(ByteText.printable(name), content);
    }
    return ByteText.of(Base64.getEncoder().encode(content.toByteArray()));
  }

  private void append(String name, ByteArrayOutputStream content) throws TableUnavailableException {
    Path file = SourceFile.watched(name, opening);
    try (InputStream input = SourceFile.open(file)) {
      long size = Files.size(file);
      heap.pass(6 * (size + content.size()));
      if (size + content.size() > LARGEST_VALUE) {
        throw new TableUnavailableException("file too large: " + name);
      }
      content.write(read(name, input, (int) size));
    } catch (IOException e) {
      throw new TableUnavailableException("open " + name + ": " + FileTrouble.words(e), e);
    }
  }

  private static byte[] read(String name, InputStream input, int size)
      throws TableUnavailableException {
    try {
      byte[] content = input.readNBytes(size);
      if (content.length < size) {
        throw new TableUnavailableException("read " + name + ": file has become shorter");
      }
      return content;
    } catch (IOException e) {
      throw new TableUnavailableException("read " + name + ": " + FileTrouble.words(e), e);
    }
  }
}
