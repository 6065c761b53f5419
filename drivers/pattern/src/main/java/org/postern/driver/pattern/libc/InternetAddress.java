package org.postern.driver.pattern.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import org.postern.platform.libc.CLibrary;

/** inet_pton(3) and inet_ntop(3): the text forms of addresses that Postfix takes. */
public final class InternetAddress {
  /** Address families of Linux. */
  private static final int AF_INET = 2;

  private static final int AF_INET6 = 10;
  private static final int LONGEST_TEXT = 64;

  private static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong NETWORK_LONG = JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN);

  private static final MethodHandle INET_PTON =
      CLibrary.function(
          "inet_pton", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle INET_NTOP =
      CLibrary.function(
          "inet_ntop", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));

  private static final ThreadLocal<InternetAddress> OF_THREAD =
      ThreadLocal.withInitial(InternetAddress::new);

  private final MemorySegment text = Arena.ofAuto().allocate(LONGEST_TEXT + 1);
  private final MemorySegment binary = Arena.ofAuto().allocate(16, 8);
  private boolean ipv6;

  private InternetAddress() {}

  /** The calling thread's: good until it parses the next. */
  public static InternetAddress ofThisThread() {
    return OF_THREAD.get();
  }

  /**
   * Parses an address: one with a colon is for IPv6.
   *
   * @return whether it is one
   */
  public boolean parse(byte[] address) {
    if (address.length > LONGEST_TEXT) {
      return false;
    }
    ipv6 = false;
    for (int i = 0; i < address.length; i++) {
      ipv6 |= address[i] == ':';
      text.set(JAVA_BYTE, i, address[i]);
    }
    text.set(JAVA_BYTE, address.length, (byte) 0);
    try {
      return (int)
              INET_PTON.invokeExact(ipv6 ? AF_INET6 : AF_INET, text.address(), binary.address())
          == 1;
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }

  /** Whether the address that was parsed last is for IPv6. */
  public boolean isIpv6() {
    return ipv6;
  }

  /** The address's first 64 bits; an IPv4 address is the first 32 of them. */
  public long high() {
    return ipv6 ? binary.get(NETWORK_LONG, 0) : (long) binary.get(NETWORK_INT, 0) << 32;
  }

  /** An IPv6 address's last 64 bits. */
  public long low() {
    return ipv6 ? binary.get(NETWORK_LONG, 8) : 0;
  }

  /** An address as text. */
  public static String format(boolean ipv6, long high, long low) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment address = arena.allocate(16, 8);
      address.set(NETWORK_LONG, 0, high);
      address.set(NETWORK_LONG, 8, low);
      MemorySegment buffer = arena.allocate(LONGEST_TEXT);
      MemorySegment _ =
          (MemorySegment)
              INET_NTOP.invokeExact(ipv6 ? AF_INET6 : AF_INET, address, buffer, LONGEST_TEXT);
      return CLibrary.text(buffer);
    } catch (Throwable e) {
      throw CLibrary.unexpected(e);
    }
  }
}
