package espd.dataplane.esp;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Whose ciphers are wanted.
public enum EngineChoice {
  /// The fastest that this host has for each suite.
  AUTO,
  /// [IpsecMb], which must be there; for the suites it lacks the fastest that has them.
  IPSEC_MB,
  /// [LibCrypto], which must be there.
  LIBCRYPTO,
  /// [SunJce], which is always there.
  JDK;

  /// {@return the choice of that word: `auto`, `ipsec-mb`, `libcrypto` or `jdk`}
  ///
  /// @throws IllegalArgumentException when it is another word; the message names the right ones
  public static EngineChoice parse(String word) {
    return Arrays.stream(values())
        .filter(choice -> choice.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + word + "' is none of " + words()));
  }

  /// {@return all words, for people}
  public static String words() {
    return Arrays.stream(values()).map(EngineChoice::word).collect(Collectors.joining(", "));
  }

  /// {@return the word for it}
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
