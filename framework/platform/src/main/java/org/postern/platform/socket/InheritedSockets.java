package org.postern.platform.socket;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * Sockets that another program listens on and hands down, by the number of their descriptor:
 * master(8), or a service manager.
 *
 * <p>{@code System.inheritedChannel()} is the JDK's way for one socket, and only if it is
 * descriptor 0. For others this uses the classes behind it, which the manifest of Postern's archive
 * opens.
 */
public final class InheritedSockets {
  // The JDK's own numbers, not those of the C library.
  private static final int AF_INET = 1;
  private static final int AF_INET6 = 2;
  private static final int AF_UNIX = 3;

  private InheritedSockets() {}

  /**
   * A socket that is listened on.
   *
   * @throws IOException when the descriptor is none
   */
  public static ServerSocketChannel listening(int descriptor) throws IOException {
    try {
      Class<?> channel = Class.forName("sun.nio.ch.ServerSocketChannelImpl");
      Constructor<?> constructor =
          open(
              channel.getDeclaredConstructor(
                  SelectorProvider.class,
                  ProtocolFamily.class,
                  FileDescriptor.class,
                  boolean.class));
      return (ServerSocketChannel)
          constructor.newInstance(
              SelectorProvider.provider(), family(descriptor), opened(descriptor), true);
    } catch (InvocationTargetException e) {
      throw new IOException("descriptor " + descriptor + ": " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java runtime is not the one Postern is made for", e);
    }
  }

  private static ProtocolFamily family(int descriptor)
      throws IOException, ReflectiveOperationException {
    Method family =
        Class.forName("sun.nio.ch.InheritedChannel").getDeclaredMethod("addressFamily", int.class);
    return switch ((int) open(family).invoke(null, descriptor)) {
      case AF_UNIX -> StandardProtocolFamily.UNIX;
      case AF_INET -> StandardProtocolFamily.INET;
      case AF_INET6 -> StandardProtocolFamily.INET6;
      default ->
          throw new IOException(
              "descriptor "
                  + descriptor
                  + " is not a socket that was handed down: is this program started by hand?");
    };
  }

  private static FileDescriptor opened(int descriptor) throws ReflectiveOperationException {
    Method made = Class.forName("sun.nio.ch.IOUtil").getDeclaredMethod("newFD", int.class);
    return (FileDescriptor) open(made).invoke(null, descriptor);
  }

  private static <T extends AccessibleObject> T open(T member) {
    member.setAccessible(true);
    return member;
  }
}
