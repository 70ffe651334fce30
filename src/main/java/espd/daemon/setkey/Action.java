package espd.daemon.setkey;

import java.util.Locale;

/// What a policy does with its packets.
public enum Action {
  /// They go nowhere.
  DISCARD,
  /// They pass unprotected.
  NONE,
  /// They pass as the policy's rules say.
  IPSEC;

  /// {@return setkey's name}
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
