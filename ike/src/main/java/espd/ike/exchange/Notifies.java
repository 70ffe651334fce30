package espd.ike.exchange;

import espd.ike.Extension;
import espd.ike.crypto.HashAlgorithm;
import espd.ike.message.Bytes;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

  /// {@return the extensions that they announce in IKE_SA_INIT and we do}
  ///
  /// @param ours what we announce
  Set<Extension> extensions(Set<Extension> ours) {
    Set<Extension> both = Extension.announced(all.stream().map(Notify::type));
    both.retainAll(ours);
    both.removeIf(each -> !each.isOfIkeSaInit());
    return both;
  }

  /// {@return the extensions that both ends have announced when a responder has announced its own:
  /// no more than the initiator did, but for what is the responder's alone to announce (RFC 6023
  /// §3), and what is the initiator's is enough if the initiator does (RFC 5685 §3)}
  ///
  /// @param ours what we announce
  Set<Extension> extensionsAsResponder(Set<Extension> ours) {
    Set<Extension> both = extensions(ours);
    if (ours.contains(Extension.CHILDLESS)) {
      both.add(Extension.CHILDLESS);
    }
    if (has(Extension.REDIRECT.notifyType())) {
      both.add(Extension.REDIRECT);
    }
    return both;
  }

  /// {@return the notifications that announce our extensions in IKE_SA_INIT, in the order of the
  /// enumeration}
  ///
  /// @param not what the other end alone announces
  private static List<Notify> announcing(Set<Extension> ours, Extension not) {
    return ours.stream()
        .filter(e -> e.isOfIkeSaInit() && e != not)
        .sorted()
        .map(e -> Notify.of(e.notifyType()))
        .toList();
  }

  /// {@return the notifications that announce an initiator's extensions}
  static List<Notify> announcingAsInitiator(Set<Extension> ours) {
    return announcing(ours, Extension.CHILDLESS);
  }

  /// {@return the notifications that announce a responder's extensions}
  static List<Notify> announcingAsResponder(Set<Extension> ours) {
    return announcing(ours, Extension.REDIRECT);
  }

  /// {@return SIGNATURE_HASH_ALGORITHMS: the hashes that we take in signatures (RFC 7427 §4)}
  static Notify hashAlgorithms() {
    byte[] ids = new byte[2 * HashAlgorithm.OURS.size()];
    int at = 1;
    for (HashAlgorithm hash : HashAlgorithm.OURS) {
      ids[at] = (byte) hash.id();
      at += 2;
    }
    return Notify.of(NotifyType.SIGNATURE_HASH_ALGORITHMS, Bytes.of(ids));
  }

  /// {@return the first that reports an error}
  Optional<Notify> error() {
    return all.stream().filter(Notify::isError).findFirst();
  }
}
