package org.postern.plugin.textfile;

import java.util.List;
import org.postern.driver.textfile.EnvironDriver;
import org.postern.driver.textfile.FailDriver;
import org.postern.driver.textfile.InlineDriver;
import org.postern.driver.textfile.InternalDriver;
import org.postern.driver.textfile.StaticDriver;
import org.postern.driver.textfile.TexthashDriver;
import org.postern.spi.TableDriver;
import org.postern.spi.TablePlugin;

/** Brings texthash, inline, static, environ, fail and internal tables. */
public final class TextFilePlugin implements TablePlugin {

  @Override
  public List<TableDriver> drivers() {
    return List.of(
        new TexthashDriver(),
        new InlineDriver(),
        new StaticDriver(),
        new EnvironDriver(),
        new FailDriver(),
        new InternalDriver());
  }
}
