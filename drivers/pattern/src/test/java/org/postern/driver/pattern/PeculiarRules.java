package org.postern.driver.pattern;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Rules at the edges of the rule language, and wrong ones. */
final class PeculiarRules {
  private static final List<String> KEYS =
      List.of("foo", "FOO", "foobar", "bar", "a/b", "a$b", "abc", "f\\", "x y");

  private static final List<String> PATTERNS =
      List.of(
          "/foo/\n",
          "/foo/ ok\n/foo/ second\n",
          "!/foo/ no foo\n",
          "! ! /foo/ twice\n",
          "!!!/foo/ thrice\n",
          "/foo/z x\n",
          "/foo x\n/bar/ y\n",
          "/foo\\\n/bar/ y\n",
          "/f\\\\\n",
          "/f\\\\/ backslash\n",
          "/a\\/b/ slash\n",
          "|foo| bars\n",
          "(foo( parentheses\n",
          "/(foo/ unbalanced\n",
          "/[foo/ bracket\n",
          "/*foo/ star\n",
          "/foo{2,1}/ interval\n",
          "/(f)(o)(o)/ $1$2$3 ${1} $(2) $$ $$1\n",
          "/(f)/ $2\n",
          "/(f)/ $0\n",
          "/(f)/ $x\n",
          "/(f)/ ${x} ${1}\n",
          "/(f)/ ${1\n",
          "/(f)/ $\n",
          "/(f)/ $ x\n",
          "/(f)/ ${}\n",
          "/(f)/ $999999999\n",
          "/(f)/ ${{1}}\n",
          "/(f)/ $1o\n",
          "/(f)/ $x $(1) $y\n",
          "!/(f)/ $1\n",
          "/(x)?foo(bar)?/ <$1><$2>\n",
          "if /foo/\n/bar/ both\nendif\n/foo/ only\n",
          "if !/foo/\n/bar/ bar without foo\nendif\n",
          "if /foo/\nif /bar/\n/^/ nested\nendif\n/^/ outer\nendif\n/^/ none\n",
          "if /foo/\n/bar/ unclosed\n",
          "/x/ y\nif /foo/\nif /bar/\n/^/ two unclosed\n",
          "endif\n/foo/ x\n",
          "if /foo/ extra text\n/foo/ x\nendif more\n",
          "if\n/foo/ x\n",
          "if /foo\n/foo/ x\nendif\n",
          "IF /foo/\n/foo/ upper\nENDIF\n",
          "iffy /foo/\nendiffy\n",
          "foo bar\n",
          "if/foo/\n/foo/ no space\nendif\n",
          "\n\n# comment\n/foo/ x\n   y\n# comment\n   z\n",
          "  /foo/ leading\n/bar/ x\n",
          "/foo/i sensitive\n/FOO/i upper\n",
          "/foo/ii twice\n",
          "/^foo$/m multi\n",
          "/foo/",
          "",
          "/foo/  trailing   \n",
          "/^x y$/ space in it\n",
          "/\u00e9/ bytes\n/\\\u00e9\\\u00ff/ x\n",
          "\u00e9foo\u00e9 delimiter\n",
          "\u00e9foo x\n",
          "/foo/\u00e9 flag\n",
          "!\n",
          "//\n",
          "// empty\n",
          "\u0000/foo/ x\n/foo/ y\u0000z\n",
          "/foo/ first\n/foo/\n");

  private static final List<String> REGEXP_ONLY =
      List.of(
          "/foo/!/bar/ foo without bar\n",
          "/foo/!!/bar/ foo with bar\n",
          "/foo/i!/BAR/i x\n",
          "/foo/! /bar/ spaced\n",
          "/foo/!\n",
          "/foo/!/bar x\n",
          "/(foo)/!/(bar)/ $1\n",
          "/foo/x basic\n",
          "/\\(foo\\)/x $1\n",
          "/(a|ab)(c|bcd)*/ <$1><$2>\n",
          "/\\(a\\)\\1/x x\n",
          "/\\<foo\\>/ words\n");

  private static final List<String> PCRE_ONLY =
      List.of(
          "/foo/X obsolete\n",
          "/f o o/x extended\n",
          "/FOO/A anchored\n",
          "/(?<name>f)oo/ $1\n",
          "/(?<name>f)oo/ ${name}\n",
          "/(?:f)(o)/ $1\n",
          "/f(?=oo)\\K(o)/ $1\n",
          "/\\Qfoo/ quoted\n",
          "/(*NO_SUCH)foo/ x\n",
          "/foo(?#comment)/ x\n",
          "/(o+)(?U)(.*)/U <$1><$2>\n");

  private static final List<String> CIDR =
      List.of(
          "192.0.2.0/24 x\n",
          "192.0.2.1/24 x\n192.0.2.1 y\n",
          "192.0.2.0/33 x\n192.0.2.0/999999999999 y\n",
          "192.0.2.0/x x\n192.0.2.0/ y\n/24 z\n",
          "192.0.2/24 x\n192.0.2.256 y\n192.0.02.1 z\n",
          "[192.0.2.0/24] in\n",
          "[192.0.2.0]/24 out\n",
          "[192.0.2.1] host\n",
          "[192.0.2.1 x\n[192.0.2.1]x y\n[] z\n",
          "2001:db8::/32 six\n2001:db8::1/32 x\n2001:db8::/129 y\n",
          "[2001:db8::1] host\n[2001:db8::]/32 net\n",
          "::ffff:192.0.2.0/120 mapped\n",
          "0.0.0.0/0 any\n::/0 any6\n",
          "!192.0.2.0/24 outside\n",
          "! ! 192.0.2.0/24 inside\n",
          "192.0.2.1\n192.0.2.2   \n",
          "!\n! x\n",
          "if 192.0.2.0/24\n192.0.2.1 x\n!192.0.2.1 y\nendif\n0.0.0.0/0 z\n",
          "if !192.0.2.0/24\n0.0.0.0/0 x\nendif\n192.0.2.1 y\n",
          "if 2001:db8::/32\n192.0.2.1 never\nendif\n192.0.2.1 y\n",
          "if 192.0.2.0/24\n192.0.2.1 x\n",
          "if\nif !\nif x\nendif\n",
          "if 192.0.2.0/24 extra\nendif\n192.0.2.1 x\n",
          "endif x\nendif\n",
          "if 192.0.2.0/24\nendif x\n192.0.2.1 y\n",
          "IF 192.0.2.0/24\n192.0.2.1 upper\nENDIF\n",
          "192.0.2.2 first\n192.0.2.0/24 second\n192.0.2.1 third\n",
          "\u0000192.0.2.1 x\n192.0.2.1 y\u0000z\n",
          "iffy x\n");

  private static final List<String> ADDRESSES =
      List.of(
          "192.0.2.1",
          "192.0.2.2",
          "192.0.3.1",
          "2001:db8::1",
          "2001:DB8:0::2",
          "::ffff:192.0.2.1",
          "::",
          "192.0.2.01",
          "192.0.2",
          " 192.0.2.1",
          "1234567890123456789012345678901234567890123456789012345678901234567890",
          "x");

  /** Tables whose names hold their rules. */
  private static final List<String> IN_NAME =
      List.of(
          "{}",
          "{ }",
          "{,, ,}",
          "{{}}",
          "{{ }, {/foo/ x}}",
          "{{/foo/ x}}",
          "{ {/foo/ one},{/bar/ two} {/a/ three}\t{/x/ four} }",
          "{{  /foo/   x  y  }}",
          "{{# comment},{/bar/ x}}",
          "{{if /foo/},{/bar/ x},{endif},{/bar/ y}}",
          "{{ if !/foo/ } { /bar/ x } { endif }}",
          "{{if /foo/},{/bar/ x}}",
          "{{endif},{/foo/ x}}",
          "{{/fo{2}/ braces}}",
          "{{/f(o{2})/ {${1}}}}",
          "{{/foo/ x #y}}",
          "{{/(foo/ x},{/foo/ y}}",
          "{{/foo, bar/ x},{/foo/ y}}",
          "{{{/foo/ x}}}",
          "{{/foo/}}",
          "{{192.0.2.0/24 net},{2001:db8::/32 six}}",
          "{{if 192.0.0.0/8},{!192.0.2.0/24 x},{endif},{0.0.0.0/0 y}}",
          "{{192.0.2.1/24 x},{192.0.2.1}, {[192.0.2.1] host}}");

  private static final List<String> MALFORMED_NAMES =
      List.of(
          "{",
          "{{/foo/ x}",
          "{{/foo/ x}}y",
          "{{/foo/ x}} ",
          "{}{}",
          "{/foo/ x}",
          "{{/foo/ x}, /bar/}",
          "{{/foo/ x}y}",
          "{{/foo/ x}{/bar/ y}}",
          "{x{/foo/ x}}");

  private PeculiarRules() {}

  static Stream<Arguments> inName() {
    List<String> keys = Stream.of(KEYS, ADDRESSES).flatMap(List::stream).toList();
    return Stream.of(RuleType.values())
        .flatMap(type -> IN_NAME.stream().map(name -> Arguments.of(type, name, keys)));
  }

  static Stream<Arguments> malformedNames() {
    return Stream.of(RuleType.values())
        .flatMap(type -> MALFORMED_NAMES.stream().map(name -> Arguments.of(type, name)));
  }

  static Stream<Arguments> all() {
    return Stream.of(
            of(RuleType.REGEXP, PATTERNS, KEYS),
            of(RuleType.REGEXP, REGEXP_ONLY, KEYS),
            of(RuleType.PCRE, PATTERNS, KEYS),
            of(RuleType.PCRE, PCRE_ONLY, KEYS),
            of(RuleType.CIDR, CIDR, ADDRESSES))
        .flatMap(stream -> stream);
  }

  private static Stream<Arguments> of(RuleType type, List<String> rules, List<String> keys) {
    return rules.stream().map(one -> Arguments.of(type, one, keys));
  }
}
