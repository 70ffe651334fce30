package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyInputs;
import espd.ike.message.Bytes;
import java.util.List;

/// The peer's CREATE_CHILD_SA request and what we answered, before there is an SA.
///
/// @param answering the request
/// @param nr our nonce
/// @param ikeSpi our SPI of a new IKE SA; of a Child SA's request it means nothing
record Granted(Answering.Creating answering, Bytes nr, long ikeSpi) {

  /// {@return the key exchanges that are to follow (RFC 9370 §2.2.4)}
  List<AdditionalKeyExchange> additional() {
    return switch (answering) {
      case Answering.Child child -> child.choice().suite().additional();
      case Answering.Ike ike -> IkeSuite.from(ike.chosen()).additional();
    };
  }

  /// {@return what the keys of a new IKE SA are derived from}
  KeyInputs inputs(Answering.Ike ike) {
    return new KeyInputs(answering.ni(), nr, ike.chosen().spi().toLong(), ikeSpi);
  }

  /// {@return the lower of the two nonces, which decides between two rekeys (RFC 7296 §2.8.1)}
  Bytes lowestNonce() {
    return Nonces.lower(answering.ni(), nr);
  }
}
