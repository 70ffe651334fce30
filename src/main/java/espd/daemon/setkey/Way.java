package espd.daemon.setkey;

import espd.spd.Direction;
import java.util.Locale;

/// Which packets a policy is about, as Linux divides them.
public enum Way {
  /// Those for this host.
  IN,
  /// Those that leave.
  OUT,
  /// Those that arrive and go on. Our SPD has one list for these and [#IN], as RFC 4301 has, and
  /// setkey adds an `in` policy to both.
  FWD;

  /// {@return the list of the SPD}
  public Direction direction() {
    return this == OUT ? Direction.OUTBOUND : Direction.INBOUND;
  }

  /// {@return setkey's name}
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
