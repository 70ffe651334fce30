package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Extension;
import espd.ike.crypto.IkeKeys;
import espd.ike.crypto.OpenedFragment;
import espd.ike.crypto.OpenedMessage;
import espd.ike.crypto.Role;
import espd.ike.crypto.UnauthenticException;
import espd.ike.message.Header;
import espd.ike.message.MalformedException;
import espd.ike.message.Message;
import espd.ike.message.Payload;
import espd.spd.KeyMaterial;
import espd.spd.UdpEncapsulation;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What an IKE SA needs to speak: SPIs, keys and path (RFC 7296 §2.14).
///
/// @param role our end: the original initiator's messages have the I flag (RFC 7296 §3.1)
/// @param serial the n of `NAME[n]`
/// @param spiI the initiator's SPI
/// @param spiR the responder's SPI
/// @param keys SK_d, SK_a, SK_e, SK_p
/// @param path where messages go
/// @param back where the peer's last request came from, and so its response goes (RFC 7296 §2.11)
/// @param nat what stands between
/// @param encapsulates whether ESP goes in UDP
/// @param extensions that both ends announced
/// @param addresses where else the ends may be found
public record IkeSa(
    Role role,
    int serial,
    long spiI,
    long spiR,
    IkeKeys keys,
    Path path,
    Path back,
    Nat nat,
    boolean encapsulates,
    Set<Extension> extensions,
    Addresses addresses) {

  /// An IKE SA whose requests and responses go the same way, and whose ends are nowhere else.
  public IkeSa(
      Role role,
      int serial,
      long spiI,
      long spiR,
      IkeKeys keys,
      Path path,
      Nat nat,
      boolean encapsulates,
      Set<Extension> extensions) {
    this(role, serial, spiI, spiR, keys, path, path, nat, encapsulates, extensions, Addresses.NONE);
  }

  /// Copies the set.
  public IkeSa {
    extensions = Set.copyOf(extensions);
  }

  /// {@return an initiator's, once it has keys}
  ///
  /// @param notifies of the responder
  static IkeSa initiated(Attempt attempt, long spiR, IkeKeys keys, Notifies notifies) {
    Connection connection = attempt.wish().connection();
    Nat nat = Nat.detect(notifies, attempt.spi(), spiR, attempt.path());
    boolean encapsulates = nat.encapsulates(connection, attempt.path());
    return new IkeSa(
        Role.INITIATOR,
        attempt.serial(),
        attempt.spi(),
        spiR,
        keys,
        Mobility.afterInit(attempt.path(), connection, encapsulates, notifies),
        nat,
        encapsulates,
        notifies.extensions(connection.extensions()));
  }

  /// {@return an SPI for a new one}
  static long freshSpi(SecureRandom random) {
    long spi = random.nextLong();
    return spi == 0 ? 1 : spi;
  }

  /// {@return whether both ends have announced it}
  public boolean has(Extension extension) {
    return extensions.contains(extension);
  }

  /// {@return this IKE SA with an extension that both ends have announced, or not}
  IkeSa with(Extension extension, boolean announced) {
    Set<Extension> all = new HashSet<>(extensions);
    if (announced) {
      all.add(extension);
    } else {
      all.remove(extension);
    }
    return new IkeSa(role, serial, spiI, spiR, keys, path, back, nat, encapsulates, all, addresses);
  }

  /// {@return the SPI that we chose}
  public long localSpi() {
    return role == Role.INITIATOR ? spiI : spiR;
  }

  /// {@return how ESP is to be wrapped (RFC 3948)}
  public Optional<UdpEncapsulation> encapsulation() {
    return encapsulates
        ? Optional.of(new UdpEncapsulation(path.localPort(), path.remotePort()))
        : Optional.empty();
  }

  /// {@return this IKE SA with messages going elsewhere}
  IkeSa along(Path other) {
    return new IkeSa(
        role, serial, spiI, spiR, keys, other, other, nat, encapsulates, extensions, addresses);
  }

  /// {@return this IKE SA with the peer's request having come from there}
  IkeSa backTo(Path request) {
    return new IkeSa(
        role, serial, spiI, spiR, keys, path, request, nat, encapsulates, extensions, addresses);
  }

  /// {@return this IKE SA with something else between the ends, and ESP in UDP accordingly}
  IkeSa through(Nat other, boolean encapsulating) {
    return new IkeSa(
        role, serial, spiI, spiR, keys, path, back, other, encapsulating, extensions, addresses);
  }

  /// {@return this IKE SA with other places where its ends may be found}
  IkeSa with(Addresses others) {
    return new IkeSa(
        role, serial, spiI, spiR, keys, path, back, nat, encapsulates, extensions, others);
  }

  /// {@return this IKE SA with other keys}
  IkeSa with(IkeKeys other) {
    return new IkeSa(
        role, serial, spiI, spiR, other, path, back, nat, encapsulates, extensions, addresses);
  }

  /// {@return this IKE SA after an additional key exchange (RFC 9370 §2.2.2); `secret` and the keys
  /// from before are wiped}
  IkeSa updated(InitMessages init, KeyMaterial secret) {
    IkeKeys updated = keys.updated(init.inputs(spiI, spiR), secret);
    secret.close();
    keys.close();
    return with(updated);
  }

  /// {@return the header of our request}
  Header request(int exchange, int messageId) {
    return new Header(spiI, spiR, exchange, initiatorFlag(), messageId);
  }

  /// {@return the header of our response to the peer's request}
  Header responseTo(Header request) {
    return new Header(
        spiI, spiR, request.exchange(), initiatorFlag() | Header.RESPONSE, request.messageId());
  }

  private int initiatorFlag() {
    return role == Role.INITIATOR ? Header.INITIATOR : 0;
  }

  /// {@return the octets of our message, its payloads encrypted}
  byte[] seal(Message message, SecureRandom random) {
    return keys.cipher(role).seal(message, random);
  }

  /// {@return the octets of the fragments of our message (RFC 7383 §2.5)}
  ///
  /// @param largest octets of one
  List<byte[]> sealFragments(Message message, int largest, SecureRandom random) {
    return keys.cipher(role).sealFragments(message, largest, random);
  }

  /// {@return the peer's message, authenticated and decrypted, its payloads still to be read}
  ///
  /// @throws UnauthenticException when the peer did not send it
  /// @throws MalformedException when it is nothing the peer would send
  OpenedMessage open(byte[] datagram) throws MalformedException, UnauthenticException {
    return keys.cipher(role.other()).open(datagram);
  }

  /// {@return the fragment of a message of the peer, authenticated and decrypted}
  ///
  /// @throws UnauthenticException when the peer did not send it
  /// @throws MalformedException when it is none
  OpenedFragment openFragment(byte[] datagram) throws MalformedException, UnauthenticException {
    return keys.cipher(role.other()).openFragment(datagram);
  }

  /// {@return `NAME[n]`'s SPIs, as strongSwan prints them, ours with a star}
  public List<String> spis() {
    boolean initiator = role == Role.INITIATOR;
    return List.of(
        "%016x_i%s".formatted(spiI, initiator ? "*" : ""),
        "%016x_r%s".formatted(spiR, initiator ? "" : "*"));
  }

  /// {@return the message as it stands in a log}
  static String text(Header header, List<Payload> payloads) {
    return new Message(header, payloads).toString();
  }
}
