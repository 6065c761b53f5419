package org.postern.loader;

import java.nio.file.Path;

/**
 * Why a plugin, or one of its maptypes, is not there.
 *
 * @param file the plugin's file or folder, or what in it is wrong
 * @param reason what is wrong
 * @param remedy what to do about it
 */
public record PluginProblem(Path file, String reason, String remedy) {
  @Override
  public String toString() {
    return "plugin " + file + ": " + reason + "; " + remedy;
  }
}
