package espd.daemon.racoon;

import espd.daemon.config.Algorithm;
import espd.daemon.config.Findings;
import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.ike.Connection.DeadPeer;
import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.IkeOptions;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.LifetimeCheck;
import espd.ike.Proofs;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.pki.Subject;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What a `remote` says of phase 1, in the words of a connection.
///
/// @param remote that says it
/// @param version IKEv1 and how
/// @param localId who we are; our address where nothing is
/// @param remoteId who the peer has to prove it is; anybody where nothing is
/// @param proofs how both ends prove it
/// @param proposals in the order of preference
/// @param lifetime of the ISAKMP SA
/// @param liveness how the peer is watched
/// @param options encapsulation and keepalives
/// @param notes what goes out of use
record PeerPlan(
    Remote remote,
    IkeVersion.One version,
    Optional<Identity> localId,
    Optional<Identity> remoteId,
    Proofs proofs,
    List<Proposal> proposals,
    Rekeying lifetime,
    Liveness liveness,
    IkeOptions options,
    Set<String> notes) {

  /// A successor is negotiated when so much of an SA's life is left.
  private static final int MARGIN_PARTS = 5;

  /// {@return a plan; nothing where it cannot be, as was said}
  ///
  /// @param keepAlive how long a NAT before us may hear nothing
  static Optional<PeerPlan> of(
      Remote remote, Certificates certificates, Duration keepAlive, Findings findings) {
    try {
      return Optional.of(new Reader(remote, certificates, findings).plan(keepAlive));
    } catch (Unreadable e) {
      findings.problem(e);
      return Optional.empty();
    }
  }

  /// Sets what phase 1 is about.
  void into(ConnectionBuilder builder) {
    builder
        .version(version)
        .remoteId(remoteId)
        .proofs(proofs)
        .ikeProposals(proposals)
        .ikeLifetime(lifetime)
        .liveness(liveness)
        .options(options)
        .keyingTries(1);
    localId.ifPresent(builder::localId);
  }

  /// {@return the lifetime of SAs that are replaced after 80 % of it, as racoon's are}
  static Rekeying rekeying(Duration lifetime, boolean rekey) {
    return new Rekeying(lifetime, lifetime.dividedBy(MARGIN_PARTS), 0, rekey);
  }

  /// Reads the statements of one remote.
  private record Reader(Remote remote, Certificates certificates, Findings findings) {

    PeerPlan plan(Duration keepAlive) throws Unreadable {
      List<Phase1Proposal> suites = ofOneMethod();
      Set<String> notes = new LinkedHashSet<>();
      List<Proposal> proposals = proposals(suites, notes);
      Proofs proofs = proofs(suites.getFirst().authentication());
      boolean traversal = !remote.choice(RemoteChoice.NAT_TRAVERSAL).equals("off");
      boolean forced = remote.choice(RemoteChoice.NAT_TRAVERSAL).equals("force");
      return new PeerPlan(
          remote,
          new IkeVersion.One(
              remote.modes(),
              LifetimeCheck.valueOf(
                  remote.choice(RemoteChoice.PROPOSAL_CHECK).toUpperCase(Locale.ROOT)),
              traversal,
              remote.isOn(RemoteChoice.INITIAL_CONTACT)),
          localId(),
          remoteId(proofs),
          proofs,
          proposals,
          rekeying(lifetime(suites), !remote.choice(RemoteChoice.REKEY).equals("off")),
          liveness(),
          IkeOptions.DEFAULT.forcingEncapsulation(forced).keepAlive(keepAlive),
          notes);
    }

    /// A connection has one way to prove who its ends are: that of the first proposal.
    private List<Phase1Proposal> ofOneMethod() {
      String method = remote.proposals().getFirst().authentication().text();
      List<Phase1Proposal> same = new ArrayList<>();
      for (Phase1Proposal each : remote.proposals()) {
        if (each.authentication().text().equals(method)) {
          same.add(each);
        } else {
          findings.warn(
              each.word().place(),
              "the proposal is not used: another one before it has authentication_method "
                  + method);
        }
      }
      return same;
    }

    private List<Proposal> proposals(List<Phase1Proposal> suites, Set<String> notes)
        throws Unreadable {
      List<Proposal> proposals = new ArrayList<>();
      for (Phase1Proposal suite : suites) {
        Algorithm cipher = algorithm(suite.encryption(), "aes 128, aes 192, aes 256 or 3des");
        Algorithm hash = algorithm(suite.hash(), "md5, sha1, sha256, sha384 or sha512");
        Algorithm group = algorithm(suite.group(), "2, 5 or 14 to 18");
        List.of(cipher, hash, group).forEach(each -> TrafficPlan.note(each, notes));
        proposals.add(
            new Proposal(
                proposals.size() + 1,
                Proposal.IKE,
                Bytes.EMPTY,
                List.of(
                    cipher.transform(),
                    hash.transform(),
                    Algorithm.prfOf(hash.transform()),
                    group.transform())));
      }
      return proposals;
    }

    private static Algorithm algorithm(Cipher cipher, String expected) throws Unreadable {
      Optional<Algorithm> algorithm = cipher.algorithm();
      if (algorithm.isEmpty()) {
        throw new Unreadable(cipher.word().place(), '"' + cipher.text() + '"', expected);
      }
      return algorithm.get();
    }

    private Proofs proofs(Value method) throws Unreadable {
      return switch (method.text()) {
        case "pre_shared_key" -> Proofs.SHARED_KEY;
        case "rsasig" -> certificates.proofs(remote);
        default ->
            throw new Unreadable(
                method, "pre_shared_key or rsasig, as there is neither XAUTH nor GSS-API");
      };
    }

    /// Shorter lives than the peer expects do no harm.
    private Duration lifetime(List<Phase1Proposal> suites) {
      List<Duration> all =
          suites.stream().map(each -> each.lifetime().orElse(remote.lifetime())).toList();
      Duration shortest = all.stream().min(Duration::compareTo).orElse(remote.lifetime());
      if (all.stream().distinct().count() > 1) {
        findings.warn(
            remote.word().place(),
            "its proposals differ in their lifetimes; that of %ds is taken for all"
                .formatted(shortest.toSeconds()));
      }
      return shortest;
    }

    private Optional<Identity> localId() throws Unreadable {
      Optional<Identifier> said =
          remote.last(RemoteItem.MyIdentifier.class).map(RemoteItem.MyIdentifier::identifier);
      if (said.isEmpty()) {
        return Optional.empty();
      }
      if (said.get().type() != Identifier.Type.ASN1DN || said.get().text().isPresent()) {
        return Identities.read(said.get());
      }
      List<X509Certificate> own = certificates.own(remote);
      if (own.isEmpty()) {
        throw new Unreadable(
            said.get().word().place(),
            "my_identifier asn1dn and no certificate of our own",
            "asn1dn and a name in quotes, or certificate_type x509");
      }
      return Optional.of(Identity.of(new Subject(own.getFirst()).name()));
    }

    /// Nobody in particular unless identifiers are verified, as in racoon; with a shared secret the
    /// peer's address still tells which one it has.
    private Optional<Identity> remoteId(Proofs proofs) throws Unreadable {
      List<Identifier> theirs =
          remote.each(RemoteItem.PeersIdentifier.class, RemoteItem.PeersIdentifier::identifier);
      boolean verified = remote.isOn(RemoteChoice.VERIFY_IDENTIFIER);
      if (!verified || theirs.isEmpty()) {
        if (!proofs.equals(Proofs.SHARED_KEY)) {
          findings.warn(
              remote.word().place(),
              "whoever has a certificate of its authorities is taken for this peer; name it with"
                  + " peers_identifier and verify_identifier on");
        }
        return Optional.empty();
      }
      if (theirs.size() > 1) {
        findings.warn(
            theirs.getLast().word().place(), "only the last peers_identifier of a remote counts");
      }
      return Identities.read(theirs.getLast());
    }

    private Liveness liveness() {
      int delay = remote.amount(RemoteAmount.DPD_DELAY).orElse(0);
      return delay == 0 || !remote.isOn(RemoteChoice.DPD)
          ? Liveness.NEVER
          : new Liveness(Duration.ofSeconds(delay), DeadPeer.HOLD);
    }
  }
}
