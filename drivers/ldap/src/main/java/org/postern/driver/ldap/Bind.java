package org.postern.driver.ldap;

import java.util.List;
import org.postern.platform.text.ByteText;
import org.postern.tablekit.Secret;

/** How a connection says who we are: {@code bind} and what belongs to it in ldap_table(5). */
sealed interface Bind {

  /** {@code bind = no}: the server is not told. */
  record None() implements Bind {
    @Override
    public String name() {
      return "";
    }
  }

  /**
   * {@code bind = yes}: with a name and a password, or as nobody where both are empty.
   *
   * @param dn {@code bind_dn}
   * @param password {@code bind_pw}, a byte string
   */
  record Simple(String dn, Secret password) implements Bind {
    @Override
    public String name() {
      return dn;
    }
  }

  /**
   * {@code bind = sasl}.
   *
   * @param mechanisms {@code sasl_mechs}, in upper case: those to try; all that the server offers
   *     when it is empty
   * @param user {@code bind_dn}: who to authenticate as, as the mechanism has it
   * @param password {@code bind_pw}, a byte string
   * @param realm {@code sasl_realm}
   * @param authorization {@code sasl_authz_id}: who to be treated as, if it is somebody else
   * @param strength {@code sasl_minssf}: how strong the connection's protection must at least be,
   *     in bits of a key; 0 for none, 1 for integrity alone
   */
  record Sasl(
      List<String> mechanisms,
      String user,
      Secret password,
      String realm,
      String authorization,
      int strength)
      implements Bind {
    public Sasl {
      mechanisms = List.copyOf(mechanisms);
    }

    @Override
    public String name() {
      return user;
    }
  }

  /** The bytes of a password. */
  static byte[] bytes(Secret password) {
    return ByteText.bytes(password.value());
  }

  /** Who the server is to take us for; empty for nobody. */
  String name();

  /** Who the server is to take us for, as Postfix puts it in its warnings. */
  default String who() {
    return name().isEmpty() ? "empty or implicit" : name();
  }
}
