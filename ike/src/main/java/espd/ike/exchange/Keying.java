package espd.ike.exchange;

import espd.ike.crypto.AdditionalKeyExchange;
import java.util.Optional;

/// An initiator that has keys and is to have better ones before it proves itself.
///
/// @param ikeSa SPIs, keys and path
/// @param wish the first Child SA
/// @param init what AUTH signs
/// @param window of the message ids
record Keying(IkeSa ikeSa, ChildWish wish, InitMessages init, MessageWindow window) {

  Keying with(MessageWindow newWindow) {
    return new Keying(ikeSa, wish, init, newWindow);
  }

  /// {@return the additional key exchange that comes next, if any}
  Optional<AdditionalKeyExchange> next() {
    return init.next(ikeSa.keys().suite());
  }
}
