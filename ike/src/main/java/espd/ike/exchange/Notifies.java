package espd.ike.exchange;

import espd.ike.message.Notify;
import java.util.List;
import java.util.Optional;

/// The Notify payloads of one message (RFC 7296 §3.10). Statuses we do not know are ignored (RFC
/// 7296 §3.10.1).
///
/// @param all in the order of the message
record Notifies(List<Notify> all) {

  /// {@return whether there is one of this type}
  boolean has(int type) {
    return first(type).isPresent();
  }

  /// {@return the first of this type}
  Optional<Notify> first(int type) {
    return all.stream().filter(notify -> notify.type() == type).findFirst();
  }

  /// {@return all of this type}
  List<Notify> all(int type) {
    return all.stream().filter(notify -> notify.type() == type).toList();
  }

  /// {@return the first that reports an error}
  Optional<Notify> error() {
    return all.stream().filter(Notify::isError).findFirst();
  }
}
