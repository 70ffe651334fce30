package espd.ike.v1.exchange;

import java.util.HashSet;
import java.util.Set;

/// The message ids of exchanges that are over, so that no message of theirs begins them anew: that
/// each id is of one exchange only is all that IKEv1 has against replay (RFC 2408 §3.1). The newest
/// are remembered, between [#MOST] and twice as many. Immutable.
///
/// @param recent the newer ones
/// @param older those before
record MessageIds(Set<Integer> recent, Set<Integer> older) {

  /// How many are remembered at least.
  static final int MOST = 256;

  /// None.
  static final MessageIds NONE = new MessageIds(Set.of(), Set.of());

  /// Copies the sets.
  MessageIds {
    recent = Set.copyOf(recent);
    older = Set.copyOf(older);
  }

  boolean contains(int id) {
    return recent.contains(id) || older.contains(id);
  }

  /// {@return these and one more}
  MessageIds plus(int id) {
    if (recent.size() == MOST) {
      return new MessageIds(Set.of(id), recent);
    }
    Set<Integer> more = new HashSet<>(recent);
    more.add(id);
    return new MessageIds(more, older);
  }
}
