package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.crypto.Prf;
import espd.ike.exchange.Nat;
import espd.ike.exchange.Path;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.v1.crypto.NatDiscovery;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.NatD;
import java.security.SecureRandom;
import java.util.List;

/// NATs between two ends of IKEv1 (RFC 3947 §3.2): each sends hashes of where it sends to and of
/// where it sends from, and a hash that the other does not find again shows a NAT.
final class NatTraversal {

  private NatTraversal() {}

  /// {@return the payloads by which the peer finds out: of its end first, then of ours. Where ESP
  /// in UDP is forced ours is nonsense, as if a NAT were before us}
  static List<NatD> payloads(
      Prf hash, Header header, Path path, Connection connection, SecureRandom random) {
    NatD remote = NatDiscovery.hash(hash, header, path.remote(), path.remotePort());
    if (connection.options().forceEncapsulation()) {
      byte[] nonsense = new byte[hash.outputOctets()];
      random.nextBytes(nonsense);
      return List.of(remote, new NatD(Bytes.of(nonsense)));
    }
    return List.of(remote, NatDiscovery.hash(hash, header, path.local(), path.localPort()));
  }

  /// {@return what the peer's payloads say; without them there is no NAT that we know of, of
  /// several sources one has to match}
  ///
  /// @param path the message came on
  static Nat detect(Prf hash, Header header, Path path, IsakmpMessage message) {
    List<NatD> all = message.all(NatD.class);
    if (all.size() < 2) {
      return new Nat(false, false);
    }
    NatD local = NatDiscovery.hash(hash, header, path.local(), path.localPort());
    NatD remote = NatDiscovery.hash(hash, header, path.remote(), path.remotePort());
    return new Nat(!all.getFirst().equals(local), !all.subList(1, all.size()).contains(remote));
  }

  /// Says what stands between.
  static String text(Nat nat) {
    return switch ((nat.here() ? 1 : 0) + (nat.there() ? 2 : 0)) {
      case 0 -> "no NAT detected";
      case 1 -> "local host is behind NAT";
      case 2 -> "remote host is behind NAT";
      default -> "both hosts are behind NAT";
    };
  }
}
