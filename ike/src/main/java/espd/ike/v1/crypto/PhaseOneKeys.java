package espd.ike.v1.crypto;

import espd.ike.crypto.ChildKeys;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyStream;
import espd.ike.crypto.Prf;
import espd.ike.crypto.Role;
import espd.ike.message.Bytes;
import espd.ike.message.PayloadChain;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.SecurityAssociation;
import espd.spd.EspSuite;
import espd.spd.KeyMaterial;
import java.util.Arrays;
import java.util.List;

/// The keys of one phase 1 SA (RFC 2409 §5), and what is derived from them. Any thread.
///
/// ```
///   SKEYID = prf(pre-shared-key, Ni_b | Nr_b)        with a pre-shared key
///   SKEYID = prf(Ni_b | Nr_b, g^xy)                  with signatures
///   SKEYID_d = prf(SKEYID, g^xy | CKY-I | CKY-R | 0)
///   SKEYID_a = prf(SKEYID, SKEYID_d | g^xy | CKY-I | CKY-R | 1)
///   SKEYID_e = prf(SKEYID, SKEYID_a | g^xy | CKY-I | CKY-R | 2)
/// ```
public final class PhaseOneKeys implements AutoCloseable {

  private static final byte[] ZERO = {0};
  private static final byte[] NOTHING = {};

  private final IkeSuite suite;
  private final PhaseOneInputs inputs;
  private final KeyMaterial skeyid;
  private final KeyMaterial skeyidD;
  private final KeyMaterial skeyidA;
  private final KeyMaterial skeyidE;
  private final KeyMaterial encryptionKey;
  private final PhaseOneCipher cipher;

  /// @param skeyidOctets wiped
  private PhaseOneKeys(
      IkeSuite suite, PhaseOneInputs inputs, byte[] skeyidOctets, KeyMaterial gXy) {
    this.suite = suite;
    this.inputs = inputs;
    this.skeyid = secret(skeyidOctets);
    this.skeyidD = derived(KeyMaterial.none(), gXy, 0);
    this.skeyidA = derived(skeyidD, gXy, 1);
    this.skeyidE = derived(skeyidA, gXy, 2);
    this.encryptionKey = expanded(suite.encryptionKeyOctets());
    this.cipher = new PhaseOneCipher(suite.encryption(), encryptionKey);
  }

  /// The keys of ends that share a secret (RFC 2409 §5.4).
  ///
  /// @param suite what was negotiated; its prf is the HMAC of the negotiated hash
  /// @param psk the pre-shared key, which stays the caller's to wipe
  /// @param gXy the shared secret of the key exchange, which stays the caller's to wipe
  public static PhaseOneKeys withPreSharedKey(
      IkeSuite suite, PhaseOneInputs inputs, KeyMaterial psk, KeyMaterial gXy) {
    byte[] nonces = inputs.exchanged().nonces();
    return new PhaseOneKeys(suite, inputs, suite.prf().apply(psk, nonces), gXy);
  }

  /// The keys of ends that sign (RFC 2409 §5.1).
  ///
  /// @param suite what was negotiated; its prf is the HMAC of the negotiated hash
  /// @param gXy the shared secret of the key exchange, which stays the caller's to wipe
  public static PhaseOneKeys withSignatures(
      IkeSuite suite, PhaseOneInputs inputs, KeyMaterial gXy) {
    byte[] nonces = inputs.exchanged().nonces();
    return new PhaseOneKeys(suite, inputs, gXy.use(g -> suite.prf().apply(nonces, g)), gXy);
  }

  private KeyMaterial derived(KeyMaterial before, KeyMaterial gXy, int last) {
    byte[] i = inputs.cookie(Role.INITIATOR);
    byte[] r = inputs.cookie(Role.RESPONDER);
    byte[] n = {(byte) last};
    return secret(before.use(b -> gXy.use(g -> suite.prf().apply(skeyid, b, g, i, r, n))));
  }

  /// The cipher's key: the beginning of SKEYID_e, or where that is too short the beginning of `K1 |
  /// K2 | …` with `K1 = prf(SKEYID_e, 0)` and `Kn = prf(SKEYID_e, Kn-1)` (RFC 2409 appendix B).
  private KeyMaterial expanded(int octets) {
    Prf prf = suite.prf();
    if (octets <= prf.outputOctets()) {
      return secret(skeyidE.use(e -> Arrays.copyOf(e, octets)));
    }
    byte[] all = new byte[octets];
    byte[] block = ZERO;
    for (int at = 0; at < octets; at += prf.outputOctets()) {
      block = prf.apply(skeyidE, block);
      System.arraycopy(block, 0, all, at, Math.min(block.length, octets - at));
    }
    Arrays.fill(block, (byte) 0);
    return secret(all);
  }

  /// What an end proves itself with, as HASH or as what SIG signs (RFC 2409 §5):
  ///
  /// ```
  ///   HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b)
  ///   HASH_R = prf(SKEYID, g^xr | g^xi | CKY-R | CKY-I | SAi_b | IDir_b)
  /// ```
  ///
  /// @param prover whose proof it is
  /// @param offered the initiator's SA payload
  /// @param id of the prover
  public Bytes proof(Role prover, SecurityAssociation offered, Identification id) {
    return proof(prover, offered.body(), id.body());
  }

  Bytes proof(Role prover, Bytes offered, Bytes id) {
    Role other = prover.other();
    return Bytes.of(
        suite
            .prf()
            .apply(
                skeyid,
                inputs.publicValue(prover),
                inputs.publicValue(other),
                inputs.cookie(prover),
                inputs.cookie(other),
                offered.toArray(),
                id.toArray()));
  }

  /// {@return `HASH(1) = prf(SKEYID_a, M-ID | rest)` of quick mode's first message, and the HASH of
  /// an informational exchange (RFC 2409 §5.5, §5.7)}
  ///
  /// @param messageId of the exchange
  /// @param rest the payloads behind the HASH
  public Bytes hash1(int messageId, List<IsakmpPayload> rest) {
    return hash2(messageId, Bytes.EMPTY, rest);
  }

  /// {@return `HASH(2) = prf(SKEYID_a, M-ID | Ni_b | rest)` of quick mode's second message (RFC
  /// 2409 §5.5)}
  ///
  /// @param messageId of the exchange
  /// @param ni the initiator's nonce
  /// @param rest the payloads behind the HASH
  public Bytes hash2(int messageId, Bytes ni, List<IsakmpPayload> rest) {
    byte[] id = Bytes.ofInt(messageId).toArray();
    byte[] payloads = PayloadChain.write(rest);
    return Bytes.of(suite.prf().apply(skeyidA, id, ni.toArray(), payloads));
  }

  /// {@return `HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b)` of quick mode's third message (RFC
  /// 2409 §5.5)}
  ///
  /// @param messageId of the exchange
  /// @param ni the initiator's nonce
  /// @param nr the responder's nonce
  public Bytes hash3(int messageId, Bytes ni, Bytes nr) {
    byte[] id = Bytes.ofInt(messageId).toArray();
    return Bytes.of(suite.prf().apply(skeyidA, ZERO, id, ni.toArray(), nr.toArray()));
  }

  /// {@return the cipher of messages in both directions}
  public PhaseOneCipher cipher() {
    return cipher;
  }

  /// {@return the IV of phase 1's first encrypted message: `HASH(g^xi | g^xr)` (RFC 2409 appendix
  /// B)}
  public Iv firstIv() {
    return iv(inputs.publicValue(Role.INITIATOR), inputs.publicValue(Role.RESPONDER));
  }

  /// {@return the IV of the first message of a quick mode or informational exchange: `HASH(last
  /// block of phase 1 | M-ID)` (RFC 2409 appendix B)}
  ///
  /// @param lastOfPhaseOne what the IV of phase 1 has come to
  /// @param messageId of the exchange
  public Iv firstIv(Iv lastOfPhaseOne, int messageId) {
    return iv(lastOfPhaseOne.octets().toArray(), Bytes.ofInt(messageId).toArray());
  }

  private Iv iv(byte[] first, byte[] second) {
    byte[] hash = suite.prf().hash(first, second);
    return new Iv(Bytes.of(hash, 0, suite.encryption().ivOctets()));
  }

  /// The keys of a pair of SAs (RFC 2409 §5.5): `KEYMAT = prf(SKEYID_d, protocol | SPI | Ni_b |
  /// Nr_b)` with the SPI of each, continued as `K1 | K2 | …` with `Kn = prf(SKEYID_d, Kn-1 |
  /// protocol | SPI | Ni_b | Nr_b)`; first the cipher's, with its salt, then the ICV's (RFC 2407
  /// §4.5).
  ///
  /// @param esp what was negotiated
  public ChildKeys child(EspSuite esp, PhaseTwoInputs quick) {
    return child(esp, KeyMaterial.none(), quick);
  }

  /// The keys of a pair of SAs with perfect forward secrecy (RFC 2409 §5.5): as above, with
  /// `g(qm)^xy` before the protocol.
  ///
  /// @param esp what was negotiated
  /// @param gQm the shared secret of quick mode's key exchange, which stays the caller's to wipe
  public ChildKeys child(EspSuite esp, KeyMaterial gQm, PhaseTwoInputs quick) {
    int encr = esp.encryptionKeyOctets();
    int auth = esp.integrity().keyOctets();
    // What the initiator sends is known by the SPI that the responder receives with.
    try (KeyStream initiator = keymat(gQm, quick.covered(Role.RESPONDER), encr + auth);
        KeyStream responder = keymat(gQm, quick.covered(Role.INITIATOR), encr + auth)) {
      return new ChildKeys(
          initiator.next(encr), initiator.next(auth), responder.next(encr), responder.next(auth));
    }
  }

  private KeyStream keymat(KeyMaterial gQm, byte[][] covered, int octets) {
    Prf prf = suite.prf();
    byte[] all = new byte[octets];
    byte[] block = NOTHING;
    for (int at = 0; at < octets; at += prf.outputOctets()) {
      byte[] before = block;
      block =
          gQm.use(
              g -> prf.apply(skeyidD, before, g, covered[0], covered[1], covered[2], covered[3]));
      System.arraycopy(block, 0, all, at, Math.min(block.length, octets - at));
      Arrays.fill(before, (byte) 0);
    }
    Arrays.fill(block, (byte) 0);
    return new KeyStream(all);
  }

  private static KeyMaterial secret(byte[] octets) {
    KeyMaterial secret = KeyMaterial.copyOf(octets);
    Arrays.fill(octets, (byte) 0);
    return secret;
  }

  /// {@return the algorithms}
  public IkeSuite suite() {
    return suite;
  }

  /// {@return the cipher's key; for a log of keys on request}
  public KeyMaterial encryptionKey() {
    return encryptionKey;
  }

  KeyMaterial skeyid() {
    return skeyid;
  }

  KeyMaterial skeyidD() {
    return skeyidD;
  }

  KeyMaterial skeyidA() {
    return skeyidA;
  }

  KeyMaterial skeyidE() {
    return skeyidE;
  }

  /// Wipes all of them; whatever uses them afterwards fails.
  @Override
  public void close() {
    skeyid.close();
    skeyidD.close();
    skeyidA.close();
    skeyidE.close();
    encryptionKey.close();
  }

  /// {@return the algorithms, nothing of the secrets}
  @Override
  public String toString() {
    return "<keys of " + suite + ", redacted>";
  }
}
