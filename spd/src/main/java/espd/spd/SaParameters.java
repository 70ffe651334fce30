package espd.spd;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What both directions of an SA have (RFC 4301 §4.4.2.1), as negotiated. Immutable.
///
/// @param spi the SPI on the wire, a 32-bit unsigned number above 255 (RFC 4303 §2.1)
/// @param connection the name of the connection it belongs to, for people
/// @param reqid ties the SA to the policies of the same number
/// @param mode transport or tunnel
/// @param local our address in the outer header
/// @param remote the peer's address in the outer header
/// @param encapsulation the UDP ports where ESP travels in UDP
/// @param suite the algorithms
/// @param encryptionKey the cipher's key with its salt, [EspSuite#encryptionKeyOctets()] octets
/// @param integrityKey the ICV's key, empty for an AEAD
/// @param esn whether sequence numbers have 64 bits (RFC 4303 §2.2.1)
/// @param replayWindow how many numbers the anti-replay window holds, 0 for none (RFC 4303 §3.4.3)
/// @param lifetime its limits
/// @param outerTraffic how its packets look from outside
/// @param ipcomp how its packets are compressed before ESP, if they are
/// @param originals what NATs in transport mode have made other addresses of, if they have
/// @param selectors the packets it is for, after narrowing; never empty
/// @param created when it was made
public record SaParameters(
    int spi,
    String connection,
    int reqid,
    Mode mode,
    Ipv6Address local,
    Ipv6Address remote,
    Optional<UdpEncapsulation> encapsulation,
    EspSuite suite,
    KeyMaterial encryptionKey,
    KeyMaterial integrityKey,
    boolean esn,
    int replayWindow,
    Lifetime lifetime,
    OuterTraffic outerTraffic,
    Optional<Ipcomp> ipcomp,
    Optional<OriginalAddresses> originals,
    List<Selector> selectors,
    Instant created) {

  /// The lowest SPI that may be negotiated (RFC 4303 §2.1).
  public static final int LEAST_SPI = 256;

  /// @throws IllegalArgumentException when a key has another length than its algorithm's
  public SaParameters {
    selectors = List.copyOf(selectors);
    if (encryptionKey.length() != suite.encryptionKeyOctets()) {
      throw new IllegalArgumentException(
          suite
              + " has a key of "
              + suite.encryptionKeyOctets()
              + " octets, not "
              + encryptionKey.length());
    }
    if (integrityKey.length() != suite.integrity().keyOctets()) {
      throw new IllegalArgumentException(
          suite
              + " has an ICV key of "
              + suite.integrity().keyOctets()
              + " octets, not "
              + integrityKey.length());
    }
    if (selectors.isEmpty()) {
      throw new IllegalArgumentException("an SA without selectors serves no packet");
    }
  }

  /// An SA whose packets are not compressed and whose addresses no NAT changes.
  public SaParameters(
      int spi,
      String connection,
      int reqid,
      Mode mode,
      Ipv6Address local,
      Ipv6Address remote,
      Optional<UdpEncapsulation> encapsulation,
      EspSuite suite,
      KeyMaterial encryptionKey,
      KeyMaterial integrityKey,
      boolean esn,
      int replayWindow,
      Lifetime lifetime,
      OuterTraffic outerTraffic,
      List<Selector> selectors,
      Instant created) {
    this(
        spi,
        connection,
        reqid,
        mode,
        local,
        remote,
        encapsulation,
        suite,
        encryptionKey,
        integrityKey,
        esn,
        replayWindow,
        lifetime,
        outerTraffic,
        Optional.empty(),
        Optional.empty(),
        selectors,
        created);
  }

  /// {@return whether the SA is for a packet with these fields (RFC 4301 §4.4.2.1); allocates
  /// nothing}
  public boolean selects(Flow packet) {
    for (int i = 0; i < selectors.size(); i++) {
      if (selectors.get(i).matches(packet)) {
        return true;
      }
    }
    return false;
  }

  /// {@return the SPI as it is printed everywhere: `0x%08x`}
  public String spiText() {
    return spiText(spi);
  }

  /// {@return an SPI, also one that no SA has, as it is printed everywhere: `0x%08x`}
  public static String spiText(int spi) {
    return String.format("0x%08x", spi);
  }

  /// {@return this SA between other outer addresses, in UDP or not: a NAT moved the peer (RFC 7296
  /// §2.23), or one of the two moved itself (RFC 4555)}
  public SaParameters movedTo(
      Ipv6Address newLocal, Ipv6Address newRemote, Optional<UdpEncapsulation> newPorts) {
    return new SaParameters(
        spi,
        connection,
        reqid,
        mode,
        newLocal,
        newRemote,
        newPorts,
        suite,
        encryptionKey,
        integrityKey,
        esn,
        replayWindow,
        lifetime,
        outerTraffic,
        ipcomp,
        originals,
        selectors,
        created);
  }

  /// {@return this SA for other packets: the policies that it serves have changed}
  public SaParameters selecting(List<Selector> others) {
    return new SaParameters(
        spi,
        connection,
        reqid,
        mode,
        local,
        remote,
        encapsulation,
        suite,
        encryptionKey,
        integrityKey,
        esn,
        replayWindow,
        lifetime,
        outerTraffic,
        ipcomp,
        originals,
        others,
        created);
  }

  /// Wipes both keys: the SA has left the database and no packet is in flight under it.
  void wipe() {
    encryptionKey.close();
    integrityKey.close();
  }
}
