package org.postern.driver.sql.mysql;

import com.mysql.cj.callback.MysqlCallbackHandler;
import com.mysql.cj.protocol.AuthenticationPlugin;
import com.mysql.cj.protocol.Protocol;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.util.StringUtils;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A way to log in that MariaDB's client library has and Connector/J lacks. Connector/J makes one
 * for each connection, by the class's name; one thread uses it.
 */
public abstract sealed class MariaDbAuthentication
    implements AuthenticationPlugin<NativePacketPayload>
    permits Ed25519Authentication, ParsecAuthentication, DialogAuthentication {
  private @Nullable Protocol<NativePacketPayload> protocol;
  private String password = "";

  /** All of them, as Connector/J's property {@code authenticationPlugins} names them. */
  static final String CLASSES =
      String.join(
          ",",
          Ed25519Authentication.class.getName(),
          ParsecAuthentication.class.getName(),
          DialogAuthentication.class.getName());

  @Override
  public void init(Protocol<NativePacketPayload> connection) {
    protocol = connection;
  }

  @Override
  public void init(Protocol<NativePacketPayload> connection, MysqlCallbackHandler handler) {
    protocol = connection;
  }

  @Override
  public void destroy() {
    password = "";
    protocol = null;
  }

  @Override
  public boolean requiresConfidentiality() {
    return false;
  }

  /** Connector/J makes another one for each login. */
  @Override
  public boolean isReusable() {
    return false;
  }

  @Override
  public void setAuthenticationParameters(@Nullable String user, @Nullable String newPassword) {
    password = newPassword == null ? "" : newPassword;
  }

  @Override
  public boolean nextAuthenticationStep(
      @Nullable NativePacketPayload fromServer, List<NativePacketPayload> toServer) {
    toServer.clear();
    byte[] said =
        fromServer == null
            ? new byte[0]
            : java.util.Arrays.copyOfRange(
                fromServer.getByteBuffer(),
                fromServer.getPosition(),
                fromServer.getPayloadLength());
    byte[] answer = answer(said);
    if (answer != null) {
      toServer.add(new NativePacketPayload(answer));
    }
    return true;
  }

  /** The password's bytes, as the table's parameters have it. */
  final byte[] password() {
    return protocol == null
        ? StringUtils.getBytes(password)
        : StringUtils.getBytes(
            password,
            protocol.getServerSession().getCharsetSettings().getPasswordCharacterEncoding());
  }

  /**
   * What the server is told next.
   *
   * @param said what it has said
   * @return null: nothing
   */
  abstract byte @Nullable [] answer(byte[] said);
}
