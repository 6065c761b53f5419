package org.postern.driver.sql.mysql;

import com.mysql.cj.NativeSession;
import com.mysql.cj.exceptions.CJException;
import com.mysql.cj.jdbc.JdbcConnection;
import com.mysql.cj.jdbc.exceptions.SQLExceptionsMapping;
import com.mysql.cj.protocol.a.NativeConstants.IntegerDataType;
import com.mysql.cj.protocol.a.NativeConstants.StringSelfDataType;
import com.mysql.cj.protocol.a.NativeMessageBuilder;
import com.mysql.cj.protocol.a.NativePacketPayload;
import com.mysql.cj.protocol.a.NativeProtocol;
import com.mysql.cj.protocol.a.NativeServerSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postern.driver.sql.QueryConversation;
import org.postern.platform.text.ByteText;

/**
 * Asks queries in the text protocol of MySQL, over a connection that Connector/J has made and whose
 * packets it sends and reads. What its JDBC statements and results do besides (they look into the
 * query, and make a calendar for each result) takes longer than all else that a lookup does here.
 *
 * <p>The protocol: <a
 * href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query.html">COM_QUERY</a>.
 */
final class MysqlConversation implements QueryConversation {
  // Bits of the server's status, as in MariaDB's documentation of the OK packet.
  private static final int IN_TRANSACTION = 1;
  private static final int AUTOCOMMIT = 2;
  private static final int NO_BACKSLASH_ESCAPES = 512;

  private static final byte[] COMMIT = ByteText.bytes("COMMIT");

  private final NativeSession session;
  private final NativeProtocol protocol;
  private final NativeServerSession server;
  private final NativeMessageBuilder messages;

  MysqlConversation(Connection connection) throws SQLException {
    session = (NativeSession) connection.unwrap(JdbcConnection.class).getSession();
    protocol = session.getProtocol();
    server = protocol.getServerSession();
    messages = new NativeMessageBuilder(server.supportsQueryAttributes());
  }

  @Override
  public boolean backslashEscapes() {
    return (server.getStatusFlags() & NO_BACKSLASH_ESCAPES) == 0;
  }

  @Override
  public Answer ask(String sql) throws SQLException {
    boolean isRead = false;
    try {
      Answer answer = ask(ByteText.bytes(sql));
      int status = server.getStatusFlags();
      if ((status & AUTOCOMMIT) == 0 || (status & IN_TRANSACTION) != 0) {
        // What a transaction has seen would be all that this connection ever sees.
        ask(COMMIT);
      }
      isRead = true;
      return answer;
    } catch (CJException e) {
      isRead = e.getVendorCode() != 0; // it is what the server says
      throw SQLExceptionsMapping.translateException(e);
    } finally {
      if (!isRead) {
        // The rest of this answer, for which there was no memory for example, would be the next
        // query's.
        protocol.getSocketConnection().forceClose();
      }
    }
  }

  private Answer ask(byte[] sql) throws SQLException {
    NativePacketPayload head =
        protocol.sendCommand(messages.buildComQuery(null, session, sql), false, 0);
    boolean firstHasRows = false;
    List<String> values = List.of();
    int results = 0;
    for (int statement = 0; ; statement++) {
      head.setPosition(0);
      int columns = (int) head.readInteger(IntegerDataType.INT_LENENC);
      if (columns < 0) {
        throw new SQLException("the server asks for a file of this machine");
      }
      if (columns == 0) {
        head.setPosition(0);
        protocol.readServerStatusForResultSets(head, false);
      } else {
        firstHasRows |= statement == 0;
        List<String> read = rows(columns);
        values = results++ == 0 ? read : values;
      }
      if (!server.hasMoreResults()) {
        return new Answer(values, results, firstHasRows);
      }
      head = protocol.checkErrorMessage();
    }
  }

  private List<String> rows(int columns) {
    for (int i = 0; i < columns; i++) {
      protocol.readMessage(null); // what the column is called, and its type
    }
    if (!server.isEOFDeprecated()) {
      protocol.readMessage(null);
    }
    List<String> values = new ArrayList<>();
    while (true) {
      NativePacketPayload row = protocol.readMessage(null);
      if (row.isErrorPacket()) {
        protocol.checkErrorMessage(row); // throws it
      }
      if (server.isEOFDeprecated() ? row.isResultSetOKPacket() : row.isEOFPacket()) {
        protocol.readServerStatusForResultSets(row, true);
        return values;
      }
      for (int i = 0; i < columns; i++) {
        byte[] value = row.readBytes(StringSelfDataType.STRING_LENENC);
        if (value != null) {
          values.add(ByteText.of(value));
        }
      }
    }
  }
}
