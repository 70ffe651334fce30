package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.ConnectionBuilder;
import espd.ike.crypto.EphemeralKeyPair;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.message.Bytes;
import espd.ike.message.KeyExchange;
import espd.ike.message.Nonce;
import espd.ike.message.Payload;
import espd.ike.message.Proposal;
import espd.ike.message.SecurityAssociation;
import espd.ike.message.Transform;
import espd.ike.message.Unknown;
import java.security.SecureRandom;
import java.util.List;

/// Two hosts of which the responder answers what it likes, and what answers are made of.
class OneResponder {

  static final KeyExchangeMethod X25519 = KeyExchangeMethod.CURVE_25519;
  static final Transform ENCR = Transform.encr(20, 256);
  static final Transform PRF = Transform.of(Transform.PRF, 6);
  static final Nonce NR = new Nonce(Bytes.of(new byte[32]));

  static Transform dh(KeyExchangeMethod method) {
    return Transform.of(Transform.DH, method.transformId());
  }

  static SecurityAssociation sa(Transform... transforms) {
    return new SecurityAssociation(
        List.of(new Proposal(1, Proposal.IKE, Bytes.EMPTY, List.of(transforms))));
  }

  static KeyExchange ke(KeyExchangeMethod group) {
    try (EphemeralKeyPair key = group.generate(new SecureRandom())) {
      return key.ke();
    }
  }

  static KeyExchange ke(KeyExchangeMethod group, String hex) {
    return new KeyExchange(group.transformId(), Bytes.ofHex(hex));
  }

  static Payload raw(int type, String hex) {
    return new Unknown(type, false, Bytes.ofHex(hex));
  }

  private static Connection connection(boolean alice, KeyExchangeMethod group) {
    Connection usual = IkeIntermediateTest.connection(alice);
    return new ConnectionBuilder(usual)
        .ikeProposals(sa(ENCR, PRF, dh(group)).proposals())
        .espProposals(
            List.of(
                new Proposal(
                    1,
                    Proposal.ESP,
                    Bytes.EMPTY,
                    List.of(ENCR, dh(group), Transform.of(Transform.ESN, 0)))))
        .build();
  }

  static FaceToFace hosts(KeyExchangeMethod group) {
    return new FaceToFace(connection(true, group), connection(false, group)).begun();
  }
}
