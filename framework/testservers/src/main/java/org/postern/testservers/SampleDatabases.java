package org.postern.testservers;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The servers of {@code postern demo --databases}, a program of its own: a MariaDB, a PostgreSQL
 * and a directory, with a person or two. Writes {@code mysql.cf}, {@code pgsql.cf} and {@code
 * ldap.cf} into the directory that is its argument, then a line to standard output, and ends when
 * its standard input does.
 */
final class SampleDatabases {
  private static final String QUERY = "query = SELECT target FROM alias WHERE address = '%s'\n";
  private static final String BASE = "dc=example,dc=com";

  private SampleDatabases() {}

  static void main(String[] arguments) {
    try {
      serve(Path.of(arguments[0]));
      System.exit(0);
    } catch (Exception | Error e) {
      // Threads of the servers that did start would keep whoever waits for the line waiting.
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void serve(Path directory) throws Exception {
    // Both end with this program.
    CompletableFuture<Postgres> postgres = CompletableFuture.supplyAsync(Postgres::shared);
    InMemoryDirectoryServer people = people();
    for (TestServer server : List.of(MariaDb.shared(), postgres.join())) {
      server.execute(
          "INSERT INTO alias VALUES ('info@example.com', 'alice@example.com, bob@example.com',"
              + " 1, NULL)");
      Files.writeString(
          directory.resolve(server.maptype() + ".cf"),
          server.config("unix:" + server.socket()) + QUERY);
    }
    Files.writeString(
        directory.resolve("ldap.cf"),
        """
        server_host = ldap://127.0.0.1:%d
        search_base = %s
        query_filter = (mail=%%s)
        result_attribute = uid
        """
            .formatted(people.getListenPort(), BASE));
    System.out.println("ready");
    while (System.in.read() >= 0) {
      // Only its end means something.
    }
    people.shutDown(true);
  }

  private static InMemoryDirectoryServer people() throws LDAPException, LDIFException {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "people", InetAddress.getLoopbackAddress(), 0, null));
    InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
    server.add("dn: " + BASE, "objectClass: domain", "dc: example");
    server.add(
        "dn: uid=alice," + BASE,
        "objectClass: inetOrgPerson",
        "uid: alice",
        "cn: Alice",
        "sn: Liddell",
        "mail: alice@example.com");
    server.startListening();
    return server;
  }
}
