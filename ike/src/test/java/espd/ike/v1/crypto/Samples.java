package espd.ike.v1.crypto;

import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.List;

/// Proposals for tests.
final class Samples {

  /// All that IKEv1 has.
  static final Proposal IKE =
      new Proposal(
          1,
          Proposal.IKE,
          Bytes.EMPTY,
          List.of(
              Transform.encr(12, 256),
              Transform.encr(12, 192),
              Transform.encr(12, 128),
              Transform.of(Transform.ENCR, 3),
              Transform.of(Transform.INTEG, 14),
              Transform.of(Transform.INTEG, 13),
              Transform.of(Transform.INTEG, 12),
              Transform.of(Transform.INTEG, 2),
              Transform.of(Transform.INTEG, 1),
              Transform.of(Transform.PRF, 7),
              Transform.of(Transform.PRF, 6),
              Transform.of(Transform.PRF, 5),
              Transform.of(Transform.PRF, 2),
              Transform.of(Transform.PRF, 1),
              Transform.of(Transform.DH, 21),
              Transform.of(Transform.DH, 20),
              Transform.of(Transform.DH, 19),
              Transform.of(Transform.DH, 16),
              Transform.of(Transform.DH, 14),
              Transform.of(Transform.DH, 5),
              Transform.of(Transform.DH, 2)));

  /// All that ESP has.
  static final Proposal ESP =
      new Proposal(
          1,
          Proposal.ESP,
          Bytes.EMPTY,
          List.of(
              Transform.of(Transform.ENCR, 11),
              Transform.encr(20, 256),
              Transform.encr(20, 128),
              Transform.encr(12, 256),
              Transform.encr(12, 192),
              Transform.encr(12, 128),
              Transform.of(Transform.ENCR, 3),
              Transform.of(Transform.INTEG, 14),
              Transform.of(Transform.INTEG, 13),
              Transform.of(Transform.INTEG, 12),
              Transform.of(Transform.INTEG, 2),
              Transform.of(Transform.INTEG, 1),
              Transform.of(Transform.DH, Transform.NONE),
              Transform.of(Transform.DH, 14),
              Transform.of(Transform.DH, 2),
              Transform.of(Transform.ESN, 0)));

  private Samples() {}

  /// {@return a proposal for an IKE SA}
  static Proposal ike(Transform... transforms) {
    return new Proposal(1, Proposal.IKE, Bytes.EMPTY, List.of(transforms));
  }

  /// {@return a proposal for SAs of ESP}
  static Proposal esp(Transform... transforms) {
    return new Proposal(1, Proposal.ESP, Bytes.EMPTY, List.of(transforms));
  }
}
