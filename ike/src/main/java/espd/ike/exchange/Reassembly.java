package espd.ike.exchange;

import espd.ike.crypto.OpenedFragment;
import espd.ike.crypto.OpenedMessage;
import espd.ike.message.EncryptedFragment;
import espd.ike.message.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The fragments of one message as they gather (RFC 7383 §2.6), each authentic. It holds no more
/// than one message can have, and that for a minute. Immutable.
///
/// @param total how many there will be, 0 before the first
/// @param fragments by number
/// @param until when those that are missing are no longer waited for
record Reassembly(int total, SortedMap<Integer, OpenedFragment> fragments, Instant until) {

  /// No fragment yet.
  static final Reassembly NONE = new Reassembly(0, new TreeMap<>(), Instant.MAX);

  /// The sender sends them all again within this, or has given up.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// {@return whether this fragment is of use: a message in more fragments than the one we have is
  /// the newer one, for who gets no answer sends smaller ones; what is of the older one, or there
  /// already, is not. Nothing of it need be proven yet}
  boolean wants(EncryptedFragment fragment) {
    return fragment.total() <= OpenedFragment.MAX_TOTAL
        && fragment.total() >= total
        && !(fragment.total() == total && fragments.containsKey(fragment.number()));
  }

  /// {@return this with one more fragment, which [#wants]; without any when all together are longer
  /// than a message may be}
  Reassembly plus(OpenedFragment fragment, Instant now) {
    boolean anew = fragment.total() != total;
    SortedMap<Integer, OpenedFragment> all = anew ? new TreeMap<>() : new TreeMap<>(fragments);
    all.put(fragment.number(), fragment);
    Reassembly more = new Reassembly(fragment.total(), all, anew ? now.plus(PATIENCE) : until);
    return more.octets() > Message.MAX_OCTETS ? NONE : more;
  }

  /// {@return how many octets of payloads have come}
  int octets() {
    return fragments.values().stream().mapToInt(fragment -> fragment.part().length()).sum();
  }

  /// {@return whether none is missing}
  boolean isComplete() {
    return total > 0 && fragments.size() == total;
  }

  /// {@return the message, once complete}
  OpenedMessage message() {
    return OpenedFragment.joined(List.copyOf(fragments.values()));
  }
}
