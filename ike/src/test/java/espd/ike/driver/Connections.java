package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.PpkRule;
import espd.ike.Proofs;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

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

  static Proposal ike(Transform... transforms) {
    return new Proposal(1, Proposal.IKE, Bytes.EMPTY, List.of(transforms));
  }

  static Proposal esp(Transform... transforms) {
    return new Proposal(1, Proposal.ESP, Bytes.EMPTY, List.of(transforms));
  }

  static Connections from(Ipv6Address local, Ipv6Address remote) {
    return new Connections(
        new ConnectionBuilder("net", local)
            .remote(Optional.of(remote))
            .remoteId(Optional.of(Identity.of(remote)))
            .ikeProposals(List.of(ike(AES_128, SHA2_256, PRF_SHA2_256, X25519)))
            .espProposals(List.of(esp(GCM_128, NO_ESN)))
            .selectors(List.of(Selector.between(AddressRange.of(local), AddressRange.of(remote))))
            .build());
  }

  /// {@return what is between two sets of addresses, each a prefix or an address}
  static Selector between(String local, String remote) {
    return Selector.between(AddressRange.parse(local), AddressRange.parse(remote));
  }

  static Connections alice() {
    return from(ALICE, BOB);
  }

  static Connections bob() {
    return from(BOB, ALICE);
  }

  /// {@return this connection with what `change` sets}
  Connections with(UnaryOperator<ConnectionBuilder> change) {
    return new Connections(change.apply(new ConnectionBuilder(connection)).build());
  }

  Connections named(String name, int reqid) {
    return with(c -> c.name(name).reqid(reqid));
  }

  Connections ikeProposals(Proposal... proposals) {
    return with(c -> c.ikeProposals(List.of(proposals)));
  }

  Connections espProposals(Proposal... proposals) {
    return with(c -> c.espProposals(List.of(proposals)));
  }

  Connections mode(Mode mode) {
    return with(c -> c.mode(mode));
  }

  Connections selectors(Selector... selectors) {
    return with(c -> c.selectors(List.of(selectors)));
  }

  Connections identities(Identity local, Optional<Identity> remote) {
    return with(c -> c.localId(local).remoteId(remote));
  }

  Connections lifetimes(Rekeying ike, Rekeying child) {
    return with(c -> c.ikeLifetime(ike).childLifetime(child));
  }

  Connections liveness(Duration delay, DeadPeer action) {
    return with(c -> c.liveness(new Liveness(delay, action)));
  }

  Connections forcingEncapsulation() {
    return with(c -> c.options(connection.options().forcingEncapsulation(true)));
  }

  /// {@return this connection with packets of IKE no longer than so many octets}
  Connections fragments(int packetOctets) {
    return with(c -> c.options(connection.options().fragmentOctets(packetOctets)));
  }

  /// {@return this connection with these ways to prove who the ends are}
  Connections proofs(Proofs proofs) {
    return with(c -> c.proofs(proofs));
  }

  /// {@return this connection with a PPK, or for an empty rule without}
  Connections ppk(PpkRule rule) {
    return with(c -> c.ppk(rule));
  }

  Connections keyingTries(int tries) {
    return with(c -> c.keyingTries(tries));
  }

  static Rekeying after(Duration lifetime, Duration margin) {
    return new Rekeying(lifetime, margin, 0, true);
  }
}
