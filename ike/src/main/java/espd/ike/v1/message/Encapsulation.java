package espd.ike.v1.message;

import espd.spd.Mode;
import java.util.Arrays;
import java.util.Optional;

/// How packets are put into an SA (RFC 2407 §4.5; in UDP RFC 3947 §5.1).
public enum Encapsulation {
  /// Tunnel mode.
  TUNNEL(1),
  /// Transport mode.
  TRANSPORT(2),
  /// Tunnel mode in UDP.
  UDP_TUNNEL(3),
  /// Transport mode in UDP.
  UDP_TRANSPORT(4);

  private final int id;

  Encapsulation(int id) {
    this.id = id;
  }

  /// {@return its number, the value of [PhaseTwoAttribute#ENCAPSULATION]}
  public int id() {
    return id;
  }

  /// {@return the encapsulation of a number, if we know it}
  public static Optional<Encapsulation> of(long id) {
    return Arrays.stream(values()).filter(each -> each.id == id).findFirst();
  }

  /// {@return the encapsulation of a mode where ESP goes in UDP, or not}
  public static Encapsulation of(Mode mode, boolean inUdp) {
    return switch (mode) {
      case TUNNEL -> inUdp ? UDP_TUNNEL : TUNNEL;
      case TRANSPORT -> inUdp ? UDP_TRANSPORT : TRANSPORT;
    };
  }

  /// {@return the mode}
  public Mode mode() {
    return switch (this) {
      case TUNNEL, UDP_TUNNEL -> Mode.TUNNEL;
      case TRANSPORT, UDP_TRANSPORT -> Mode.TRANSPORT;
    };
  }

  /// {@return whether ESP goes in UDP}
  public boolean inUdp() {
    return this == UDP_TUNNEL || this == UDP_TRANSPORT;
  }
}
