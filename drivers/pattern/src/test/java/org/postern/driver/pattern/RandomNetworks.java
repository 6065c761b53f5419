package org.postern.driver.pattern;

import java.util.Random;

/** Networks in few and small ranges, so that they overlap. */
final class RandomNetworks implements RandomRules {
  private final Random random;
  private int open;
  private int value;

  RandomNetworks(Random random) {
    this.random = random;
  }

  @Override
  public String line() {
    String not = random.nextInt(8) == 0 ? "!" : "";
    return switch (random.nextInt(12)) {
      case 0 -> {
        open++;
        yield "if " + not + network() + "\n";
      }
      case 1, 2 -> {
        if (open == 0) {
          yield "# comment\n";
        }
        open--;
        yield "endif\n";
      }
      case 3 -> "[" + network().replace("/", "]/") + (random.nextBoolean() ? "" : "]") + " odd\n";
      default -> not + network() + " value" + value++ + "\n";
    };
  }

  private String network() {
    if (random.nextInt(3) == 0) {
      int length = random.nextInt(20) == 0 ? 200 : random.nextInt(8) * 16;
      return "2001:db8:"
          + random.nextInt(2)
          + "::"
          + (random.nextInt(4) == 0 ? "1" : "")
          + "/"
          + length;
    }
    if (random.nextInt(4) == 0) {
      return address();
    }
    int length = random.nextInt(33);
    int bits =
        length == 0
            ? 0
            : ((192 << 24) | random.nextInt(16) << 20 | random.nextInt(4)) & (-1 << (32 - length));
    if (random.nextInt(10) == 0) {
      bits |= 1;
    }
    return "%d.%d.%d.%d/%d"
        .formatted(bits >>> 24, bits >>> 16 & 255, bits >>> 8 & 255, bits & 255, length);
  }

  private String address() {
    return "192." + random.nextInt(16) * 16 + ".0." + random.nextInt(4);
  }

  @Override
  public String key() {
    return switch (random.nextInt(8)) {
      case 0 -> "2001:db8:" + random.nextInt(2) + "::" + random.nextInt(3);
      case 1 -> "::ffff:192.0.0.1";
      case 2 -> "192.0.0.01";
      case 3 -> random.nextInt(256) + "." + random.nextInt(300) + ".0.0";
      case 4 -> "host.example";
      default -> address();
    };
  }
}
