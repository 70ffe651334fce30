package espd.ike.exchange;

import espd.ike.Datagram;
import espd.spd.Sa;

/// Where the ends of an established IKE SA are, when that changes while it stands: a NAT may give
/// the peer another address or port (RFC 7296 §2.23).
final class Mobility {

  private Mobility() {}

  /// The peer has sent something authentic. If the NAT before it has moved it, what we send goes
  /// there from now on (RFC 7296 §2.23).
  static Established heard(Established state, Datagram datagram, Actions actions) {
    Established s = state.with(state.timers().heard(actions.now()));
    return followed(s, Path.of(datagram), actions);
  }

  /// A packet of a Child SA, authentic, has come by this path.
  static Established carried(Established s, int inboundSpi, Path path, Actions actions) {
    return s.child(inboundSpi).isPresent() ? followed(s, path, actions) : s;
  }

  /// An end that is itself behind a NAT does not follow: whoever can hold up a packet could have it
  /// send elsewhere (RFC 7296 §2.23).
  private static Established followed(Established s, Path path, Actions actions) {
    IkeSa ikeSa = s.ikeSa();
    boolean moved =
        path.remotePort() != ikeSa.path().remotePort()
            || !path.remote().equals(ikeSa.path().remote());
    if (!moved || !ikeSa.nat().there() || ikeSa.nat().here() || !path.isFloated()) {
      return s;
    }
    actions.progress(
        s.connection(), "the peer moved to %s[%d]".formatted(path.remote(), path.remotePort()));
    Established there = s.with(ikeSa.along(path));
    there.children().forEach(child -> move(child, there.ikeSa(), actions));
    return there;
  }

  private static void move(ChildSa child, IkeSa ikeSa, Actions actions) {
    Path path = ikeSa.path();
    for (Sa sa : new Sa[] {child.inbound(), child.outbound()}) {
      actions.add(new Action.Move(sa, path.local(), path.remote(), ikeSa.encapsulation()));
    }
  }
}
