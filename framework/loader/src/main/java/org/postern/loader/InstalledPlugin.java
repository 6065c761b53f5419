package org.postern.loader;

import java.nio.file.Path;
import java.util.SortedSet;

/**
 * A plugin that is loaded, for {@code postern plugins}.
 *
 * @param requires the spi versions that it works with
 * @param maptypes those that it serves
 */
public record InstalledPlugin(
    String id,
    String version,
    String description,
    String requires,
    Path path,
    SortedSet<String> maptypes) {}
