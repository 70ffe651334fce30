package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Connections for tests: the usual one, and what may differ.
record Connections(Connection connection) {

  static final Ipv6Address ALICE = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address BOB = Ipv6Address.parse("2001:db8:2:2::2");

  static final Transform AES_128 = Transform.encr(12, 128);
  static final Transform GCM_128 = Transform.encr(20, 128);
  static final Transform SHA2_256 = Transform.of(Transform.INTEG, 12);
  static final Transform PRF_SHA2_256 = Transform.of(Transform.PRF, 5);
  static final Transform X25519 = Transform.of(Transform.DH, 31);
  static final Transform P256 = Transform.of(Transform.DH, 19);
  static final Transform NO_ESN = Transform.of(Transform.ESN, 0);

  private static final Rekeying NEVER = new Rekeying(Duration.ZERO, Duration.ZERO, 0, false);

  static Proposal ike(Transform... transforms) {
    return new Proposal(1, Proposal.IKE, Bytes.EMPTY, List.of(transforms));
  }

  static Proposal esp(Transform... transforms) {
    return new Proposal(1, Proposal.ESP, Bytes.EMPTY, List.of(transforms));
  }

  static Connections from(Ipv6Address local, Ipv6Address remote) {
    return new Connections(
        new Connection(
            "net",
            local,
            Optional.of(remote),
            Identity.of(local),
            Optional.of(Identity.of(remote)),
            List.of(ike(AES_128, SHA2_256, PRF_SHA2_256, X25519)),
            List.of(esp(GCM_128, NO_ESN)),
            Mode.TUNNEL,
            List.of(Selector.between(AddressRange.of(local), AddressRange.of(remote))),
            1,
            false,
            64,
            OuterTraffic.DEFAULT,
            NEVER,
            NEVER,
            new Liveness(Duration.ZERO, DeadPeer.CLEAR),
            1,
            Connection.Start.ADD));
  }

  static Connections alice() {
    return from(ALICE, BOB);
  }

  static Connections bob() {
    return from(BOB, ALICE);
  }

  Connections named(String name, int reqid) {
    Connection c = connection;
    return with(
        new Parts(name, reqid, c.ikeProposals(), c.espProposals(), c.mode(), c.selectors()));
  }

  Connections ikeProposals(Proposal... proposals) {
    Connection c = connection;
    return with(
        new Parts(
            c.name(), c.reqid(), List.of(proposals), c.espProposals(), c.mode(), c.selectors()));
  }

  Connections espProposals(Proposal... proposals) {
    Connection c = connection;
    return with(
        new Parts(
            c.name(), c.reqid(), c.ikeProposals(), List.of(proposals), c.mode(), c.selectors()));
  }

  Connections mode(Mode mode) {
    Connection c = connection;
    return with(
        new Parts(c.name(), c.reqid(), c.ikeProposals(), c.espProposals(), mode, c.selectors()));
  }

  Connections selectors(Selector... selectors) {
    Connection c = connection;
    return with(
        new Parts(
            c.name(), c.reqid(), c.ikeProposals(), c.espProposals(), c.mode(), List.of(selectors)));
  }

  private record Parts(
      String name,
      int reqid,
      List<Proposal> ike,
      List<Proposal> esp,
      Mode mode,
      List<Selector> selectors) {}

  private Connections with(Parts p) {
    Connection c = connection;
    return new Connections(
        new Connection(
            p.name,
            c.local(),
            c.remote(),
            c.localId(),
            c.remoteId(),
            p.ike,
            p.esp,
            p.mode,
            p.selectors,
            p.reqid,
            c.forceEncapsulation(),
            c.replayWindow(),
            c.outerTraffic(),
            c.ikeLifetime(),
            c.childLifetime(),
            c.liveness(),
            c.keyingTries(),
            c.start()));
  }

  Connections identities(Identity local, Optional<Identity> remote) {
    return timed(new Timing(local, remote, connection));
  }

  Connections lifetimes(Rekeying ike, Rekeying child) {
    return timed(
        new Timing(connection.localId(), connection.remoteId(), connection).lifetimes(ike, child));
  }

  Connections liveness(Duration delay, DeadPeer action) {
    return timed(
        new Timing(connection.localId(), connection.remoteId(), connection)
            .liveness(new Liveness(delay, action)));
  }

  Connections forcingEncapsulation() {
    Timing t = new Timing(connection.localId(), connection.remoteId(), connection);
    return timed(new Timing(t.local, t.remote, t.ike, t.child, t.liveness, true, t.tries));
  }

  Connections keyingTries(int tries) {
    Timing t = new Timing(connection.localId(), connection.remoteId(), connection);
    return timed(new Timing(t.local, t.remote, t.ike, t.child, t.liveness, t.encapsulates, tries));
  }

  private record Timing(
      Identity local,
      Optional<Identity> remote,
      Rekeying ike,
      Rekeying child,
      Liveness liveness,
      boolean encapsulates,
      int tries) {

    Timing(Identity local, Optional<Identity> remote, Connection c) {
      this(
          local,
          remote,
          c.ikeLifetime(),
          c.childLifetime(),
          c.liveness(),
          c.forceEncapsulation(),
          c.keyingTries());
    }

    Timing lifetimes(Rekeying newIke, Rekeying newChild) {
      return new Timing(local, remote, newIke, newChild, liveness, encapsulates, tries);
    }

    Timing liveness(Liveness newLiveness) {
      return new Timing(local, remote, ike, child, newLiveness, encapsulates, tries);
    }
  }

  private Connections timed(Timing t) {
    Connection c = connection;
    return new Connections(
        new Connection(
            c.name(),
            c.local(),
            c.remote(),
            t.local,
            t.remote,
            c.ikeProposals(),
            c.espProposals(),
            c.mode(),
            c.selectors(),
            c.reqid(),
            t.encapsulates,
            c.replayWindow(),
            c.outerTraffic(),
            t.ike,
            t.child,
            t.liveness,
            t.tries,
            c.start()));
  }

  static Rekeying after(Duration lifetime, Duration margin) {
    return new Rekeying(lifetime, margin, 0, true);
  }
}
