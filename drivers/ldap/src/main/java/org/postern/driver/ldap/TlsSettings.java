package org.postern.driver.ldap;

/**
 * The {@code tls_} parameters of ldap_table(5) and {@code start_tls}. Files are named as in the
 * configuration; an empty string says that there is none.
 *
 * @param start whether to turn a plain connection into a TLS one: {@code start_tls}
 * @param verify whether the server must prove who it is: {@code tls_require_cert}
 * @param caFile PEM, the authorities that may vouch for a server: {@code tls_ca_cert_file}
 * @param caDirectory files that c_rehash(1) named, if there is no {@code caFile}
 * @param certificate PEM, to tell the server who we are: {@code tls_cert}
 * @param key PEM, belongs to the certificate: {@code tls_key}
 * @param ciphers {@code tls_cipher_suite}
 */
record TlsSettings(
    boolean start,
    boolean verify,
    String caFile,
    String caDirectory,
    String certificate,
    String key,
    String ciphers) {}
