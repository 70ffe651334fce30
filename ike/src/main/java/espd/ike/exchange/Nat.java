package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.crypto.NatDetection;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import java.security.SecureRandom;
import java.util.List;

/// What stands between two IKE ends (RFC 7296 §2.23).
///
/// @param here whether a NAT changes what we send
/// @param there whether a NAT changes what the peer sends, or the peer says so to have ESP in UDP
public record Nat(boolean here, boolean there) {

  /// {@return whether what we send follows a peer that a NAT has moved. An end that is itself
  /// behind a NAT does not follow: whoever can hold up a packet could have it send elsewhere (RFC
  /// 7296 §2.23)}
  ///
  /// @param now where messages go
  /// @param then where something authentic came from
  public boolean follows(Path now, Path then) {
    boolean moved = then.remotePort() != now.remotePort() || !then.remote().equals(now.remote());
    return moved && there && !here && then.isFloated();
  }

  /// {@return whether ESP goes in UDP, or through the stream that messages go}
  boolean encapsulates(Connection connection, Path path) {
    return any() || connection.options().forceEncapsulation() || path.isStream();
  }

  /// {@return whether there is one at all}
  public boolean any() {
    return here || there;
  }

  /// {@return the notifications by which the peer finds out, or is to find a NAT where there is
  /// none (as strongSwan's `forceencaps`)}
  ///
  /// @param path of the message that carries them
  static List<Notify> announced(
      Connection connection, Header header, Path path, SecureRandom random) {
    return connection.options().forceEncapsulation()
        ? feigned(header.spiI(), header.spiR(), path, random)
        : detection(header.spiI(), header.spiR(), path);
  }

  /// {@return the notifications by which the peer finds out}
  ///
  /// @param path of the message that carries them
  static List<Notify> detection(long spiI, long spiR, Path path) {
    return notifications(
        NatDetection.hash(spiI, spiR, path.local(), localPort(path)), spiI, spiR, path);
  }

  /// {@return notifications that let the peer find a NAT before us where there is none, so that it
  /// sends ESP in UDP (as strongSwan's `forceencaps`)}
  static List<Notify> feigned(long spiI, long spiR, Path path, SecureRandom random) {
    byte[] nonsense = new byte[NatDetection.hash(0, 0, path.local(), 0).length()];
    random.nextBytes(nonsense);
    return notifications(Bytes.of(nonsense), spiI, spiR, path);
  }

  private static List<Notify> notifications(Bytes source, long spiI, long spiR, Path path) {
    return List.of(
        Notify.of(NotifyType.NAT_DETECTION_SOURCE_IP, source),
        Notify.of(
            NotifyType.NAT_DETECTION_DESTINATION_IP,
            NatDetection.hash(spiI, spiR, path.remote(), path.remotePort())));
  }

  /// Ours of a stream is the one that we accept streams at; where we begin one nobody knows it yet,
  /// and the peer finds a NAT, which changes nothing (RFC 9329 §6.5).
  private static int localPort(Path path) {
    return path.isStream() ? Datagram.NAT_PORT : path.localPort();
  }

  /// {@return what the peer's notifications say. Without them there is no NAT we know of; of
  /// several sources one has to match. A stream passes NATs as it is (RFC 9329 §6.5)}
  ///
  /// @param path the message came on
  static Nat detect(Notifies notifies, long spiI, long spiR, Path path) {
    List<Notify> sources = notifies.all(NotifyType.NAT_DETECTION_SOURCE_IP);
    List<Notify> destinations = notifies.all(NotifyType.NAT_DETECTION_DESTINATION_IP);
    if (path.isStream() || sources.isEmpty() || destinations.isEmpty()) {
      return new Nat(false, false);
    }
    Bytes remote = NatDetection.hash(spiI, spiR, path.remote(), path.remotePort());
    Bytes local = NatDetection.hash(spiI, spiR, path.local(), path.localPort());
    return new Nat(
        destinations.stream().noneMatch(notify -> notify.data().equals(local)),
        sources.stream().noneMatch(notify -> notify.data().equals(remote)));
  }
}
