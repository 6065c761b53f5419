package org.postern.driver.sql.mysql;

import com.mysql.cj.conf.PropertySet;
import com.mysql.cj.conf.RuntimeProperty;
import com.mysql.cj.protocol.StandardSocketFactory;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import org.postern.platform.socket.StreamSocket;

/** The sockets that Connector/J uses; it makes an instance by itself, from the class's name. */
public final class MysqlSockets extends StandardSocketFactory {
  /** The property that names a UNIX-domain socket; without it, the connection is by TCP. */
  static final String PATH = "postern.socket";

  @Override
  protected Socket createSocket(PropertySet properties) {
    RuntimeProperty<String> path = properties.getStringProperty(PATH);
    try {
      return (path == null ? StreamSocket.tcp() : StreamSocket.unix(Path.of(path.getValue())))
          .createSocket();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that is not connected yet cannot fail", e);
    }
  }
}
