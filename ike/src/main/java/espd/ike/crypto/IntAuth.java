package espd.ike.crypto;

import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Message;
import espd.ike.message.Payload;
import espd.ike.message.Payloads;
import java.util.List;

/// What AUTH covers of the IKE_INTERMEDIATE exchanges (RFC 9242 §3.3.2): each end's messages as a
/// chain of PRFs, and how many there were.
///
/// ```
/// IntAuth    = IntAuth_iN | IntAuth_rN | IKE_AUTH_MID
/// IntAuth_i1 = prf(SK_pi1,              IntAuth_i1A | IntAuth_i1P)
/// IntAuth_i2 = prf(SK_pi2, IntAuth_i1 | IntAuth_i2A | IntAuth_i2P)
/// ```
///
/// @param initiator IntAuth_iN, empty when there was no exchange
/// @param responder IntAuth_rN
/// @param exchanges N
public record IntAuth(Bytes initiator, Bytes responder, int exchanges) {

  /// Before the first exchange.
  public static final IntAuth NONE = new IntAuth(Bytes.EMPTY, Bytes.EMPTY, 0);

  /// {@return `A | P` of a message whose payloads are all encrypted: header and generic header of
  /// the Encrypted payload, both with lengths as if there were no IV, padding and ICV, then the
  /// payloads in the clear. IKE fragmentation is not seen in it}
  ///
  /// @param message header and the payloads inside
  public static Bytes covered(Message message) {
    List<Payload> payloads = message.payloads();
    return covered(message.header(), Payloads.firstType(payloads), Payloads.write(payloads));
  }

  /// {@return `A | P` of a message whose payloads are these octets}
  static Bytes covered(Header header, int firstInner, byte[] inner) {
    byte[] a = Message.encryptedPrefix(header, firstInner, inner.length);
    return Bytes.of(KeyInputs.concatenated(Bytes.of(a), Bytes.of(inner)));
  }

  /// {@return this after one more exchange}
  ///
  /// @param keys that protected it, not those that came of it
  /// @param request `A | P` of the initiator's message
  /// @param response `A | P` of the responder's message
  public IntAuth after(IkeKeys keys, Bytes request, Bytes response) {
    return new IntAuth(
        chained(keys, Role.INITIATOR, initiator, request),
        chained(keys, Role.RESPONDER, responder, response),
        exchanges + 1);
  }

  private static Bytes chained(IkeKeys keys, Role sender, Bytes before, Bytes covered) {
    return Bytes.of(
        keys.suite().prf().apply(keys.skP(sender), KeyInputs.concatenated(before, covered)));
  }

  /// {@return IntAuth, with the message id of the first IKE_AUTH request; empty when there was no
  /// exchange}
  Bytes octets() {
    return exchanges == 0
        ? Bytes.EMPTY
        : Bytes.of(KeyInputs.concatenated(initiator, responder, Bytes.ofInt(exchanges + 1)));
  }
}
