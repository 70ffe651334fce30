package espd.ike;

import espd.ike.message.Proposal;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.Selector;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One connection as configured, whatever file it came from: between whom, proven how, protecting
/// what (the PAD and the protect entries of the SPD, RFC 4301 §4.4).
///
/// @param name unique, for commands, logs and metrics
/// @param version of IKE
/// @param local our address
/// @param remote the peer's address; empty accepts any peer that proves its identity, as responder
///   only
/// @param localId what we say we are
/// @param remoteId what the peer has to prove it is; empty accepts any identity that has a secret
/// @param proofs how both ends prove who they are
/// @param ikeProposals for the IKE SA, in the order of preference
/// @param espProposals for Child SAs, in the order of preference, with SPI empty; a DH transform in
///   one asks for perfect forward secrecy when the Child SA is rekeyed (RFC 7296 §1.3.1)
/// @param mode transport or tunnel
/// @param compression whether packets are compressed before ESP, where the peer agrees
/// @param selectors the packets to protect; never empty. The responder may narrow them
/// @param internal the addresses that the ends get inside of the tunnel; an end of a selector that
///   is every address stands for the one that is assigned to it
/// @param reqid ties the Child SAs to the connection's policies
/// @param options what the IKE SA may do beyond the core of RFC 7296
/// @param replayWindow of the Child SAs
/// @param outerTraffic how the packets of the Child SAs look from outside
/// @param ikeLifetime of the IKE SA
/// @param childLifetime of the Child SAs
/// @param liveness dead peer detection
/// @param keyingTries how often to try before giving up, 0 for ever
/// @param start what happens when the program starts
public record Connection(
    String name,
    IkeVersion version,
    Ipv6Address local,
    Optional<Ipv6Address> remote,
    Identity localId,
    Optional<Identity> remoteId,
    Proofs proofs,
    List<Proposal> ikeProposals,
    List<Proposal> espProposals,
    Mode mode,
    Compression compression,
    List<Selector> selectors,
    InternalAddresses internal,
    int reqid,
    IkeOptions options,
    int replayWindow,
    OuterTraffic outerTraffic,
    Rekeying ikeLifetime,
    Rekeying childLifetime,
    Liveness liveness,
    int keyingTries,
    Start start) {

  /// When an SA is replaced (ipsec.conf's `lifetime`, `margintime`, `rekeyfuzz`, `rekey`, and for
  /// Child SAs `lifebytes`, `marginbytes`, `lifepackets`, `marginpackets`).
  ///
  /// @param lifetime the SA ends after this
  /// @param margin a successor is negotiated this long before the end
  /// @param bytes the SA ends after so many octets, in either direction
  /// @param packets the SA ends after so many packets, in either direction
  /// @param fuzzPercent each margin grows by a random part of up to this, so that two ends do not
  ///   collide
  /// @param rekey whether a successor is negotiated at all
  public record Rekeying(
      Duration lifetime,
      Duration margin,
      Volume bytes,
      Volume packets,
      int fuzzPercent,
      boolean rekey) {

    /// An SA that never ends.
    public static final Rekeying NEVER = new Rekeying(Duration.ZERO, Duration.ZERO, 0, false);

    /// By time only.
    public Rekeying(Duration lifetime, Duration margin, int fuzzPercent, boolean rekey) {
      this(lifetime, margin, Volume.UNLIMITED, Volume.UNLIMITED, fuzzPercent, rekey);
    }
  }

  /// How much an SA carries before it ends.
  ///
  /// @param most the end, 0 for none
  /// @param margin a successor is negotiated so much before the end
  public record Volume(long most, long margin) {

    /// No end.
    public static final Volume UNLIMITED = new Volume(0, 0);

    /// @throws IllegalArgumentException when one is negative
    public Volume {
      if (most < 0 || margin < 0) {
        throw new IllegalArgumentException("not a volume: " + most + " less " + margin);
      }
    }
  }

  /// Dead peer detection (RFC 7296 §2.4, RFC 3706).
  ///
  /// @param delay how long the peer may be silent before it is asked; zero never asks
  /// @param timeout how long it may be silent before it is dead, in IKEv1 only; zero counts how
  ///   often it was asked, as IKEv2 does
  /// @param action what happens when it is dead
  public record Liveness(Duration delay, Duration timeout, DeadPeer action) {

    /// Never asks.
    public static final Liveness NEVER = new Liveness(Duration.ZERO, DeadPeer.CLEAR);

    /// Where it is counted how often the peer was asked.
    public Liveness(Duration delay, DeadPeer action) {
      this(delay, Duration.ZERO, action);
    }
  }

  /// What is done about a dead peer.
  public enum DeadPeer {
    /// Its SAs are deleted; policies that start by traffic remain.
    CLEAR,
    /// Its SAs are deleted and the next packet negotiates anew.
    HOLD,
    /// Its SAs are deleted and negotiated anew at once.
    RESTART
  }

  /// Whether packets are compressed before ESP (RFC 3173), which takes two: it is proposed and
  /// accepted, or neither.
  public enum Compression {
    /// Neither proposed nor accepted.
    NONE,
    /// By DEFLATE (RFC 2394), the only algorithm there is.
    DEFLATE
  }

  /// What happens with a connection when the program starts.
  public enum Start {
    /// It waits for the peer or for `up`.
    ADD,
    /// The first packet it would protect negotiates it.
    ROUTE,
    /// It is negotiated at once.
    START,
    /// It waits for the peer: packets do not start it, though they may wait for its SAs.
    ANSWER
  }

  /// Copies the lists.
  ///
  /// @throws IllegalArgumentException when there are no selectors or no proposals
  public Connection {
    ikeProposals = List.copyOf(ikeProposals);
    espProposals = List.copyOf(espProposals);
    selectors = List.copyOf(selectors);
    if (selectors.isEmpty() || ikeProposals.isEmpty() || espProposals.isEmpty()) {
      throw new IllegalArgumentException("connection " + name + " lacks selectors or proposals");
    }
  }

  /// {@return what we announce: an additional key exchange needs IKE_INTERMEDIATE (RFC 9370
  /// §2.2.1)}
  public Set<Extension> extensions() {
    if (ikeProposals.stream().noneMatch(Proposal::hasAdditionalKeyExchanges)) {
      return options.extensions();
    }
    Set<Extension> all = EnumSet.of(Extension.INTERMEDIATE);
    all.addAll(options.extensions());
    return all;
  }

  /// {@return this connection as it stands towards one peer: one that accepts any peer and names no
  /// remote addresses is for the peer's own address, so that nobody gets the traffic of others}
  ///
  /// @param peer the address that the peer proved its identity from
  public Connection towards(Ipv6Address peer) {
    if (remote.isPresent() || selectors.stream().noneMatch(Connection::isForAnyRemote)) {
      return this;
    }
    return new ConnectionBuilder(this)
        .selectors(selectors.stream().map(s -> isForAnyRemote(s) ? towards(s, peer) : s).toList())
        .build();
  }

  /// {@return whether Child SAs of both can be in one IKE SA with the same peer}
  public boolean sharesIkeSaWith(Connection other) {
    return version.equals(other.version)
        && local.equals(other.local)
        && ikeProposals.equals(other.ikeProposals)
        && options.forceEncapsulation() == other.options.forceEncapsulation();
  }

  /// {@return this connection with another reqid}
  public Connection withReqid(int other) {
    return new ConnectionBuilder(this).reqid(other).build();
  }

  private static boolean isForAnyRemote(Selector selector) {
    return selector.remote().equals(AddressRange.ANY);
  }

  private static Selector towards(Selector selector, Ipv6Address peer) {
    return new Selector(
        selector.local(),
        AddressRange.of(peer),
        selector.protocol(),
        selector.localPorts(),
        selector.remotePorts());
  }
}
