package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.spd.EspSuite;
import espd.spd.KeyMaterial;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The keys of one IKE SA (RFC 7296 §2.14), and what is derived from them. Any thread may derive;
/// see [IkeCipher] for sealing.
public final class IkeKeys implements AutoCloseable {

  /// Ten octets, without an end (RFC 5723 §5.1).
  private static final Bytes RESUMPTION =
      Bytes.of("Resumption".getBytes(StandardCharsets.US_ASCII));

  private final IkeSuite suite;
  private final KeyMaterial skD;
  private final KeyMaterial skAi;
  private final KeyMaterial skAr;
  private final KeyMaterial skEi;
  private final KeyMaterial skEr;
  private final KeyMaterial skPi;
  private final KeyMaterial skPr;
  private final IkeCipher fromInitiator;
  private final IkeCipher fromResponder;

  /// `{SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr} = prf+ (SKEYSEED, Ni | Nr | SPIi |
  /// SPIr)`
  private IkeKeys(IkeSuite suite, KeyInputs inputs, byte[] skeyseed) {
    int prf = suite.prf().outputOctets();
    int auth = suite.integrity().keyOctets();
    int encr = suite.encryptionKeyOctets();
    byte[] seed = inputs.noncesAndSpis();
    byte[] all = suite.prf().prfPlus(skeyseed, seed, 3 * prf + 2 * auth + 2 * encr);
    this.suite = suite;
    try (KeyStream keys = new KeyStream(all)) {
      this.skD = keys.next(prf);
      this.skAi = keys.next(auth);
      this.skAr = keys.next(auth);
      this.skEi = keys.next(encr);
      this.skEr = keys.next(encr);
      this.skPi = keys.next(prf);
      this.skPr = keys.next(prf);
    }
    this.fromInitiator = new IkeCipher(suite, skEi, skAi);
    this.fromResponder = new IkeCipher(suite, skEr, skAr);
  }

  /// `other`'s keys, with those that a PPK changes.
  private IkeKeys(IkeKeys other, KeyMaterial skD, KeyMaterial skPi, KeyMaterial skPr) {
    this.suite = other.suite;
    this.skD = skD;
    this.skAi = other.skAi;
    this.skAr = other.skAr;
    this.skEi = other.skEi;
    this.skEr = other.skEr;
    this.skPi = skPi;
    this.skPr = skPr;
    this.fromInitiator = other.fromInitiator;
    this.fromResponder = other.fromResponder;
  }

  /// The keys of the first IKE SA: `SKEYSEED = prf(Ni | Nr, g^ir)` (RFC 7296 §2.14).
  ///
  /// @param suite what was negotiated
  /// @param inputs nonces and SPIs of the IKE_SA_INIT exchange
  /// @param gIr the shared secret, which stays the caller's to wipe
  public static IkeKeys derive(IkeSuite suite, KeyInputs inputs, KeyMaterial gIr) {
    byte[] skeyseed = gIr.use(g -> suite.prf().apply(inputs.nonces(), g));
    return from(suite, inputs, skeyseed);
  }

  /// The keys of the IKE SA that replaces this one: `SKEYSEED = prf(SK_d (old), g^ir (new) | Ni |
  /// Nr)` (RFC 7296 §2.18), with the old SA's prf.
  ///
  /// @param newSuite what was negotiated for the new SA
  /// @param inputs nonces and SPIs of the CREATE_CHILD_SA exchange
  /// @param gIr the new shared secret, which stays the caller's to wipe
  public IkeKeys rekey(IkeSuite newSuite, KeyInputs inputs, KeyMaterial gIr) {
    return rekey(newSuite, inputs, SharedSecrets.of(gIr));
  }

  /// The keys of the IKE SA that replaces this one, by several key exchanges: `SKEYSEED = prf(SK_d
  /// (old), SK(0) | Ni | Nr | SK(1) | … | SK(n))` (RFC 9370 §2.2.4).
  ///
  /// @param newSuite what was negotiated for the new SA
  /// @param inputs nonces and SPIs of the CREATE_CHILD_SA exchange
  /// @param secrets the new shared secrets, which stay the caller's to wipe
  public IkeKeys rekey(IkeSuite newSuite, KeyInputs inputs, SharedSecrets secrets) {
    byte[] seed = secrets.with(inputs.nonces());
    byte[] skeyseed = suite.prf().apply(skD, seed);
    Arrays.fill(seed, (byte) 0);
    return from(newSuite, inputs, skeyseed);
  }

  /// The keys after an additional key exchange: `SKEYSEED(n) = prf(SK_d(n-1), SK(n) | Ni | Nr)`
  /// (RFC 9370 §2.2.2).
  ///
  /// @param inputs nonces and SPIs of the IKE_SA_INIT exchange
  /// @param skN its shared secret, which stays the caller's to wipe
  public IkeKeys updated(KeyInputs inputs, KeyMaterial skN) {
    return rekey(suite, inputs, skN);
  }

  /// The keys of an IKE SA that a ticket resumes: `SKEYSEED = prf(SK_d (old), "Resumption" | Ni |
  /// Nr)` (RFC 5723 §5.1).
  ///
  /// @param suite of the IKE SA that the ticket is of
  /// @param oldSkD its SK_d, which stays the caller's to wipe
  /// @param inputs nonces and SPIs of the IKE_SESSION_RESUME exchange
  public static IkeKeys resume(IkeSuite suite, KeyMaterial oldSkD, KeyInputs inputs) {
    return from(suite, inputs, suite.prf().apply(oldSkD, RESUMPTION.toArray(), inputs.nonces()));
  }

  private static IkeKeys from(IkeSuite suite, KeyInputs inputs, byte[] skeyseed) {
    IkeKeys keys = new IkeKeys(suite, inputs, skeyseed);
    Arrays.fill(skeyseed, (byte) 0);
    return keys;
  }

  /// These keys with a PPK: `SK_d = prf+ (PPK, SK_d'), SK_pi = prf+ (PPK, SK_pi'), SK_pr = prf+
  /// (PPK, SK_pr')` (RFC 8784 §3). SK_a and SK_e stay the same ones; of both keys, the one that is
  /// not used further has [#closeMixed] called.
  ///
  /// @param ppk which stays the caller's to wipe
  public IkeKeys mixedWith(KeyMaterial ppk) {
    return new IkeKeys(this, mixed(ppk, skD), mixed(ppk, skPi), mixed(ppk, skPr));
  }

  private KeyMaterial mixed(KeyMaterial ppk, KeyMaterial key) {
    byte[] octets = ppk.use(p -> key.use(k -> suite.prf().prfPlus(p, k, k.length)));
    KeyMaterial mixed = KeyMaterial.copyOf(octets);
    Arrays.fill(octets, (byte) 0);
    return mixed;
  }

  /// Wipes what [#mixedWith] makes others of: SK_d, SK_pi and SK_pr.
  public void closeMixed() {
    skD.close();
    skPi.close();
    skPr.close();
  }

  /// The keys of a Child SA: `KEYMAT = prf+(SK_d, Ni | Nr)` (RFC 7296 §2.17).
  ///
  /// @param esp what was negotiated
  /// @param ni the initiator's nonce of the exchange that makes it
  /// @param nr the responder's nonce of that exchange
  public ChildKeys child(EspSuite esp, Bytes ni, Bytes nr) {
    return child(esp, KeyInputs.concatenated(ni, nr));
  }

  /// The keys of a Child SA with its own key exchange: `KEYMAT = prf+(SK_d, g^ir (new) | Ni | Nr)`
  /// (RFC 7296 §2.17).
  ///
  /// @param esp what was negotiated
  /// @param gIr the new shared secret, which stays the caller's to wipe
  /// @param ni the initiator's nonce of the exchange that makes it
  /// @param nr the responder's nonce of that exchange
  public ChildKeys child(EspSuite esp, KeyMaterial gIr, Bytes ni, Bytes nr) {
    return child(esp, SharedSecrets.of(gIr), ni, nr);
  }

  /// The keys of a Child SA with several key exchanges: `KEYMAT = prf+(SK_d, SK(0) | Ni | Nr |
  /// SK(1) | … | SK(n))` (RFC 9370 §2.2.4).
  ///
  /// @param esp what was negotiated
  /// @param secrets the new shared secrets, which stay the caller's to wipe
  /// @param ni the initiator's nonce of the CREATE_CHILD_SA exchange
  /// @param nr the responder's nonce of that exchange
  public ChildKeys child(EspSuite esp, SharedSecrets secrets, Bytes ni, Bytes nr) {
    byte[] seed = secrets.with(KeyInputs.concatenated(ni, nr));
    ChildKeys keys = child(esp, seed);
    Arrays.fill(seed, (byte) 0);
    return keys;
  }

  private ChildKeys child(EspSuite esp, byte[] seed) {
    int encr = esp.encryptionKeyOctets();
    int auth = esp.integrity().keyOctets();
    byte[] keymat = skD.use(k -> suite.prf().prfPlus(k, seed, 2 * (encr + auth)));
    try (KeyStream keys = new KeyStream(keymat)) {
      return new ChildKeys(keys.next(encr), keys.next(auth), keys.next(encr), keys.next(auth));
    }
  }

  /// {@return the cipher of what `sender` sends, always the same one}
  public IkeCipher cipher(Role sender) {
    return sender == Role.INITIATOR ? fromInitiator : fromResponder;
  }

  /// {@return SK_pi or SK_pr: what `prover` proves its identity with (RFC 7296 §2.15)}
  public KeyMaterial skP(Role prover) {
    return prover == Role.INITIATOR ? skPi : skPr;
  }

  /// {@return SK_d, which the keys of Child SAs and of the next IKE SA come from}
  public KeyMaterial skD() {
    return skD;
  }

  /// {@return SK_ai or SK_ar: the ICV's key of what `sender` sends; for a log of keys on request}
  public KeyMaterial skA(Role sender) {
    return sender == Role.INITIATOR ? skAi : skAr;
  }

  /// {@return SK_ei or SK_er: the cipher's key of what `sender` sends; for a log of keys on
  /// request}
  public KeyMaterial skE(Role sender) {
    return sender == Role.INITIATOR ? skEi : skEr;
  }

  /// {@return the algorithms}
  public IkeSuite suite() {
    return suite;
  }

  /// Wipes all seven; whatever uses them afterwards fails.
  @Override
  public void close() {
    closeMixed();
    skAi.close();
    skAr.close();
    skEi.close();
    skEr.close();
  }

  /// {@return the algorithms, nothing of the secrets}
  @Override
  public String toString() {
    return "<keys of " + suite + ", redacted>";
  }
}
