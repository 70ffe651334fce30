package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Connection.Rekeying;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.IkeVersion;
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

/// Connections of IKEv1 for tests: the usual one between two hosts, and what may differ.
final class IsakmpConnections {

  static final Ipv6Address ALICE = Ipv6Address.parse("2001:db8:1:1::1");
  static final Ipv6Address BOB = Ipv6Address.parse("2001:db8:2:2::2");

  static final Transform AES_128 = Transform.encr(12, 128);
  static final Transform TRIPLE_DES = Transform.of(Transform.ENCR, 3);
  static final Transform GCM_128 = Transform.encr(20, 128);
  static final Transform SHA1 = Transform.of(Transform.INTEG, 2);
  static final Transform SHA2_256 = Transform.of(Transform.INTEG, 12);
  static final Transform PRF_SHA1 = Transform.of(Transform.PRF, 2);
  static final Transform PRF_SHA2_256 = Transform.of(Transform.PRF, 5);
  static final Transform P256 = Transform.of(Transform.DH, 19);
  static final Transform MODP_1024 = Transform.of(Transform.DH, 2);
  static final Transform NO_ESN = Transform.of(Transform.ESN, 0);

  private IsakmpConnections() {}

  static Proposal ike(Transform... transforms) {
    return new Proposal(1, Proposal.IKE, Bytes.EMPTY, List.of(transforms));
  }

  static Proposal esp(Transform... transforms) {
    return new Proposal(1, Proposal.ESP, Bytes.EMPTY, List.of(transforms));
  }

  static Connection from(
      Ipv6Address local, Ipv6Address remote, UnaryOperator<ConnectionBuilder> change) {
    return change
        .apply(
            new ConnectionBuilder("net", local)
                .version(IkeVersion.ONE)
                .remote(Optional.of(remote))
                .remoteId(Optional.of(Identity.of(remote)))
                .ikeProposals(List.of(ike(AES_128, SHA2_256, PRF_SHA2_256, P256)))
                .espProposals(List.of(esp(AES_128, SHA1, NO_ESN)))
                .mode(Mode.TRANSPORT)
                .selectors(
                    List.of(Selector.between(AddressRange.of(local), AddressRange.of(remote)))))
        .build();
  }

  static Connection alice(UnaryOperator<ConnectionBuilder> change) {
    return from(ALICE, BOB, change);
  }

  static Connection bob(UnaryOperator<ConnectionBuilder> change) {
    return from(BOB, ALICE, change);
  }

  /// {@return both, with the same change}
  static TwoPeers both(UnaryOperator<ConnectionBuilder> change) {
    return new TwoPeers(alice(change), bob(change));
  }

  static TwoPeers usual() {
    return both(UnaryOperator.identity());
  }

  static Rekeying after(Duration lifetime, Duration margin) {
    return new Rekeying(lifetime, margin, 0, true);
  }
}
