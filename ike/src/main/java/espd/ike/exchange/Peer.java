package espd.ike.exchange;

import espd.ike.Assigned;
import espd.ike.Connection;
import espd.ike.DistinguishedName;
import espd.ike.EapType;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.crypto.IkeSuite;
import espd.ike.crypto.KeyExchangeMethod;
import espd.ike.eap.Identities;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.Ipv6Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Who is at the other end of an established IKE SA: an entry of the PAD (RFC 4301 §4.4.3).
///
/// @param connection under which it was established
/// @param local what we say we are
/// @param remote what the peer has proven it is, or by EAP only says it is
/// @param called whether it was we who began, with the first of its IKE SAs: then it is we who may
///   move, whoever has rekeyed it since (RFC 4555 §1.3)
/// @param assigned the addresses inside of the tunnel
/// @param eap what it has proven by EAP that it is
/// @param provenAt when both ends have proven themselves, once they have: an IKE SA that takes
///   another's place, or is resumed by a ticket, leaves that as it was
public record Peer(
    Connection connection,
    Identity local,
    Identity remote,
    boolean called,
    Assigned assigned,
    Optional<EapIdentified> eap,
    Optional<Instant> provenAt) {

  /// What a peer is towards a method of EAP.
  ///
  /// @param type the method
  /// @param identity its identity there
  public record EapIdentified(EapType type, Bytes identity) {

    @Override
    public String toString() {
      return DistinguishedName.of(identity)
          .map(DistinguishedName::toString)
          .orElseGet(() -> Identities.text(identity));
    }
  }

  /// A peer that has called us, without addresses inside of the tunnel and without EAP.
  public Peer(Connection connection, Identity local, Identity remote) {
    this(connection, local, remote, false);
  }

  /// A peer without addresses inside of the tunnel and without EAP.
  public Peer(Connection connection, Identity local, Identity remote, boolean called) {
    this(connection, local, remote, called, Assigned.NONE, Optional.empty(), Optional.empty());
  }

  /// {@return this peer with addresses inside of the tunnel}
  Peer with(Assigned addresses) {
    return new Peer(connection, local, remote, called, addresses, eap, provenAt);
  }

  /// {@return this peer, which has proven itself by EAP}
  Peer with(EapIdentified identified) {
    return new Peer(connection, local, remote, called, assigned, Optional.of(identified), provenAt);
  }

  /// {@return this peer, having proven itself then}
  Peer provenAt(Instant then) {
    return new Peer(connection, local, remote, called, assigned, eap, Optional.of(then));
  }

  /// {@return how old the proof is}
  Duration age(Instant now) {
    return Duration.between(provenAt.orElse(now), now);
  }

  /// {@return who it has proven it is: by EAP, the identity of IKE is only said}
  public Identity proven() {
    return eap.map(by -> Identity.ofName(by.identity())).orElse(remote);
  }

  /// {@return whether `other` has proven to the same end of ours that it is the same peer}
  public boolean isSameAs(Peer other) {
    return local.equals(other.local)
        && proven().equals(other.proven())
        && eap.isPresent() == other.eap.isPresent();
  }

  /// {@return the connections that a peer at `remote` may mean, before it has said who it is: those
  /// that name its address first}
  public static List<Connection> candidates(
      List<Connection> connections, Ipv6Address local, Ipv6Address remote) {
    List<Connection> here =
        connections.stream().filter(connection -> connection.local().equals(local)).toList();
    Stream<Connection> named =
        here.stream().filter(c -> c.remote().filter(remote::equals).isPresent());
    Stream<Connection> anyone = here.stream().filter(c -> c.remote().isEmpty());
    return Stream.concat(named, anyone).toList();
  }

  /// {@return whether `connection` permits a peer of this identity}
  public static boolean permits(Connection connection, Identity remote) {
    return connection.remoteId().isEmpty() || connection.remoteId().get().permits(remote);
  }

  /// {@return whether `connection` permits an IKE SA of these algorithms}
  static boolean allows(Connection connection, IkeSuite suite) {
    return connection.ikeProposals().stream()
        .anyMatch(
            proposal ->
                names(proposal, Transform.PRF, suite.prf().transformId())
                    && names(proposal, Transform.DH, suite.method().transformId())
                    && exchangesAs(proposal, suite)
                    && (suite.encryption().isAead()
                        || names(proposal, Transform.INTEG, suite.integrity().transformId()))
                    && hasKey(proposal, suite));
  }

  private static boolean names(Proposal proposal, int type, int id) {
    return proposal.ofType(type).stream().anyMatch(t -> t.id() == id);
  }

  /// What names no additional key exchange wants none (RFC 9370 §2.2.1).
  private static boolean exchangesAs(Proposal proposal, IkeSuite suite) {
    return Transform.ADDKE.stream()
        .allMatch(
            type -> {
              int id =
                  suite
                      .additional(Transform.additionalNumber(type))
                      .map(KeyExchangeMethod::transformId)
                      .orElse(Transform.NONE);
              return proposal.names(type) ? names(proposal, type, id) : id == Transform.NONE;
            });
  }

  private static boolean hasKey(Proposal proposal, IkeSuite suite) {
    return proposal.ofType(Transform.ENCR).stream()
        .filter(t -> t.id() == suite.encryption().transformId())
        .anyMatch(t -> t.keyBits().isEmpty() || t.keyBits().getAsInt() == suite.keyBits());
  }

  private boolean speaksAlike(Connection other) {
    return other.version() instanceof IkeVersion.One
        == connection.version() instanceof IkeVersion.One;
  }

  /// {@return the connections this peer may ask Child SAs of: the same addresses, identities and
  /// proofs, the one it was established under first; not those it lacks an address for}
  public List<Connection> permitted(List<Connection> loaded, Path path) {
    Stream<Connection> others =
        candidates(loaded, path.local(), path.remote()).stream()
            .filter(other -> other.localId().equals(local) && permits(other, remote))
            .filter(other -> speaksAlike(other))
            .filter(other -> other.proofs().equals(connection.proofs()))
            .filter(other -> !other.name().equals(connection.name()));
    return Stream.concat(Stream.of(connection), others)
        .flatMap(each -> assigned.in(each).stream())
        .map(each -> each.towards(path.remote()))
        .toList();
  }
}
