package org.postern.driver.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * TLS sockets as the settings ask for them: a server that must prove who it is must also have the
 * name by which it is called, and one that falls silent while TLS begins is not waited for any
 * longer than for anything else.
 */
final class TlsSockets extends SSLSocketFactory {
  private final SSLSocketFactory sockets;
  private final TlsSettings settings;
  private final String[] ciphers;
  private final int timeoutMillis;

  /**
   * Reads the files that the settings name.
   *
   * @throws TlsFiles.UnusableFile when a file, or the list of ciphers, is not what it should be
   */
  TlsSockets(TlsSettings settings, int timeoutMillis)
      throws TlsFiles.UnusableFile, GeneralSecurityException {
    this.sockets = TlsFiles.context(settings).getSocketFactory();
    this.settings = settings;
    this.timeoutMillis = timeoutMillis;
    this.ciphers =
        CipherList.choose(
            settings.ciphers(),
            sockets.getDefaultCipherSuites(),
            sockets.getSupportedCipherSuites());
  }

  private Socket prepared(Socket socket) throws IOException {
    if (socket instanceof SSLSocket tls) {
      tls.setSoTimeout(timeoutMillis);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setCipherSuites(ciphers);
      if (settings.verify()) {
        parameters.setEndpointIdentificationAlgorithm("LDAPS");
      }
      tls.setSSLParameters(parameters);
    }
    return socket;
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return ciphers.clone();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return ciphers.clone();
  }

  @Override
  public Socket createSocket() throws IOException {
    return prepared(sockets.createSocket());
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return prepared(sockets.createSocket(socket, host, port, autoClose));
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return prepared(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prepared(sockets.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return prepared(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return prepared(sockets.createSocket(address, port, localAddress, localPort));
  }
}
