package espd.ike;

import espd.ike.message.Bytes;
import java.util.List;

/// How a connection uses postquantum preshared keys (RFC 8784): secrets of many random octets that
/// are mixed into the keys, so that what is recorded today stays secret when key exchanges can be
/// broken.
///
/// @param ids which may be used, the preferred first; an initiator offers the first whose key it
///   has, a responder takes any when there are none
/// @param required whether there is no IKE SA without one
public record PpkRule(List<Bytes> ids, boolean required) {

  /// Copies the list.
  public PpkRule {
    ids = List.copyOf(ids);
  }

  /// {@return whether the peer may use this one}
  public boolean permits(Bytes id) {
    return ids.isEmpty() || ids.contains(id);
  }
}
