package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The algorithms of one IKE SA (RFC 7296 §2.14, §3.3).
///
/// @param encryption the cipher of the Encrypted payload
/// @param keyBits the length of its key in bits, without salt
/// @param integrity the ICV's algorithm; [Integrity#NONE] exactly when the cipher is an AEAD
/// @param prf the pseudorandom function
/// @param method the key exchange of IKE_SA_INIT, or of CREATE_CHILD_SA
/// @param additional those that follow it
public record IkeSuite(
    Encryption encryption,
    int keyBits,
    Integrity integrity,
    Prf prf,
    KeyExchangeMethod method,
    List<AdditionalKeyExchange> additional) {

  /// @throws IllegalArgumentException when cipher, key length and integrity do not fit each other,
  ///   or nothing would be encrypted (RFC 7296 §3.3.2)
  public IkeSuite {
    new EspSuite(encryption, keyBits, integrity);
    if (encryption == Encryption.NULL) {
      throw new IllegalArgumentException("IKE is always encrypted");
    }
    additional = List.copyOf(additional);
  }

  /// With one key exchange only.
  public IkeSuite(
      Encryption encryption, int keyBits, Integrity integrity, Prf prf, KeyExchangeMethod method) {
    this(encryption, keyBits, integrity, prf, method, List.of());
  }

  /// {@return the algorithms of a proposal with one transform of each type}
  ///
  /// @param chosen as [ProposalSelection] or the peer chose it
  /// @throws IllegalArgumentException when it names one that we do not have
  public static IkeSuite from(Proposal chosen) {
    EspSuite cipher = Suites.cipher(chosen);
    return new IkeSuite(
        cipher.encryption(),
        cipher.keyBits(),
        cipher.integrity(),
        Suites.one(chosen, Transform.PRF, t -> Prf.of(t.id())),
        Suites.one(chosen, Transform.DH, t -> KeyExchangeMethod.of(t.id())),
        AdditionalKeyExchange.in(chosen));
  }

  /// {@return the proposal that chooses these, which [#from] makes them of again}
  public Proposal proposal() {
    List<Transform> transforms = new ArrayList<>();
    transforms.add(Transform.encr(encryption.transformId(), keyBits));
    if (integrity != Integrity.NONE) {
      transforms.add(Transform.of(Transform.INTEG, integrity.transformId()));
    }
    transforms.add(Transform.of(Transform.PRF, prf.transformId()));
    transforms.add(Transform.of(Transform.DH, method.transformId()));
    additional.forEach(
        each -> transforms.add(Transform.additional(each.number(), each.method().transformId())));
    return new Proposal(1, Proposal.IKE, Bytes.EMPTY, transforms);
  }

  /// {@return the octets of SK_ei, the salt included}
  public int encryptionKeyOctets() {
    return keyBits / 8 + encryption.saltOctets();
  }

  /// {@return the additional key exchange of this number, where there is one}
  ///
  /// @param number 1 for ADDKE1, up to 7
  public Optional<KeyExchangeMethod> additional(int number) {
    return additional.stream()
        .filter(each -> each.number() == number)
        .map(AdditionalKeyExchange::method)
        .findFirst();
  }

  /// {@return the suite as strongSwan prints it:
  /// `AES_CBC_128/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048`, then `/KE1_ML_KEM_768`}
  @Override
  public String toString() {
    return new EspSuite(encryption, keyBits, integrity)
        + "/PRF_"
        + prf
        + "/"
        + method
        + additional.stream().map(each -> "/" + each).collect(Collectors.joining());
  }
}
