package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.Identity;
import espd.ike.IkeVersion;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.Uniqueness;
import espd.ike.crypto.Role;
import espd.ike.exchange.Action;
import espd.ike.exchange.Actions;
import espd.ike.exchange.Computation;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import espd.ike.exchange.Peer;
import espd.ike.exchange.Report;
import espd.ike.exchange.Step;
import espd.ike.exchange.Surroundings;
import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.v1.crypto.PhaseOneCipher;
import espd.ike.v1.exchange.Phase1.KeAnswered;
import espd.ike.v1.exchange.Phase1.Keyed;
import espd.ike.v1.exchange.Phase1.ProofSent;
import espd.ike.v1.exchange.Phase1.Proven;
import espd.ike.v1.exchange.Phase1.Proving;
import espd.ike.v1.exchange.Phase1.Verifying;
import espd.ike.v1.exchange.PhaseOneProof.Own;
import espd.ike.v1.exchange.PhaseOneProof.Theirs;
import espd.ike.v1.message.EncryptedMessage;
import espd.ike.v1.message.Identification;
import espd.ike.v1.message.IsakmpDatagram;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.IsakmpPayload;
import espd.ike.v1.message.KeyExchange;
import espd.ike.v1.message.Nonce;
import espd.ike.v1.message.Notification;
import espd.ike.v1.message.NotificationType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The end of phase 1, when there are keys: each end proves who it is (RFC 2409 §5.1, §5.4).
///
/// ```
///   main mode        HDR*, IDii, [ CERT, ] HASH_I or SIG_I  -->
///                        <--  HDR*, IDir, [ CERT, ] HASH_R or SIG_R
///
///   aggressive mode      <--  HDR, SA, KE, Nr, IDir, [ CERT, ] HASH_R or SIG_R
///                    HDR*, [ CERT, ] HASH_I or SIG_I  -->
/// ```
final class Authentication {

  /// What is said of a message that other keys have encrypted.
  static final String UNREADABLE =
      "received a message that cannot be decrypted (do the pre-shared keys differ?)";

  private final Surroundings surroundings;
  private final PhaseOneProof proof;
  private final Conclusion conclusion;
  private final Candidates candidates;

  Authentication(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.proof = new PhaseOneProof(surroundings);
    this.conclusion = new Conclusion(surroundings);
    this.candidates = new Candidates(surroundings);
  }

  // --- ours --------------------------------------------------------------------------------------

  /// Makes our proof and sends it.
  ///
  /// @param peer what the peer has proven or claims, if anything
  /// @param taken the peer's last message
  Step prove(Keyed keyed, Optional<Proven> peer, Taken taken, Actions actions) {
    return switch (proof.own(keyed)) {
      case Own.Ready(IsakmpPayload hash) -> {
        said(keyed, "pre-shared key", actions);
        yield send(keyed, peer, List.of(hash), taken, actions);
      }
      case Own.ToSign(Computation.Sign sign) -> {
        actions.add(new Action.Compute(sign));
        yield actions.then(new Proving(keyed, peer, taken));
      }
      case Own.Impossible(String why) ->
          conclusion.failed(new Proving(keyed, peer, taken), Report.Cause.REFUSED, why, actions);
    };
  }

  private static void said(Keyed keyed, String how, Actions actions) {
    Connection connection = keyed.attempt().connection();
    actions.progress(
        connection, "authentication of '%s' (myself) with %s".formatted(connection.localId(), how));
  }

  /// Our signature is there.
  Step signed(Proving state, Computation.Signed signed, Actions actions) {
    said(state.keyed(), signed.scheme().toString(), actions);
    List<IsakmpPayload> payloads = proof.signed(state.keyed(), signed);
    return send(state.keyed(), state.peer(), payloads, state.taken(), actions);
  }

  private Step send(
      Keyed keyed, Optional<Proven> peer, List<IsakmpPayload> own, Taken taken, Actions actions) {
    Connection connection = keyed.attempt().connection();
    boolean initiator = keyed.attempt().role() == Role.INITIATOR;
    List<IsakmpPayload> payloads = new ArrayList<>();
    if (keyed.attempt().mode() == Phase1Mode.AGGRESSIVE && !initiator) {
      return answerAll(keyed, peer.orElseThrow(), own, taken, actions);
    }
    if (keyed.attempt().mode() == Phase1Mode.AGGRESSIVE) {
      payloads.addAll(natDetection(keyed));
    } else {
      payloads.add(PhaseOneProof.id(connection));
    }
    payloads.addAll(own);
    if (initiator) {
      payloads.addAll(
          keyed.attempt().mode() == Phase1Mode.MAIN ? proof.requests(connection) : List.of());
      payloads.addAll(initialContact(keyed));
    }
    Courier.Posted posted =
        Courier.send(
            keyed.sa(),
            connection,
            new Courier.Letter(keyed.attempt().header(), keyed.attempt().role(), keyed.sa().iv()),
            payloads,
            actions);
    Keyed after = keyed.with(keyed.sa().with(posted.next()));
    if (peer.isPresent()) {
      return conclusion.established(after, peer.get(), taken.answered(posted.octets()), actions);
    }
    Conclusion.reached(after.attempt(), IsakmpStage.MAIN_I3, actions);
    Sent sent = Sent.now(posted.octets(), actions.now(), surroundings.retransmission());
    return actions.then(new ProofSent(after, sent));
  }

  /// `<-- HDR, SA, KE, Nr, IDir, [ CERT, ] HASH_R or SIG_R`
  private Step answerAll(
      Keyed keyed, Proven claimed, List<IsakmpPayload> own, Taken taken, Actions actions) {
    Attempt attempt = keyed.attempt();
    List<IsakmpPayload> payloads = new ArrayList<>();
    payloads.add(keyed.agreed().chosen().answer());
    payloads.add(new KeyExchange(keyed.exchanged().gXr()));
    payloads.add(new Nonce(keyed.exchanged().nr()));
    payloads.add(PhaseOneProof.id(attempt.connection()));
    payloads.addAll(own);
    payloads.addAll(proof.requests(attempt.connection()));
    payloads.addAll(natDetection(keyed));
    payloads.addAll(Features.announced(attempt.connection()));
    Bytes octets = Courier.send(attempt, payloads, Role.RESPONDER, actions);
    Conclusion.reached(attempt, IsakmpStage.AGGR_R1, actions);
    return actions.then(new KeAnswered(keyed, Optional.of(claimed), taken.answered(octets)));
  }

  private List<? extends IsakmpPayload> natDetection(Keyed keyed) {
    Attempt attempt = keyed.attempt();
    return attempt.features().natTraversal()
        ? NatTraversal.payloads(
            keyed.sa().keys().suite().prf(),
            attempt.header(),
            keyed.sa().path(),
            attempt.connection(),
            surroundings.random())
        : List.of();
  }

  private List<Notification> initialContact(Keyed keyed) {
    Connection connection = keyed.attempt().connection();
    boolean wanted =
        keyed.attempt().wish().isPresent()
            && connection.version() instanceof IkeVersion.One one
            && one.initialContact()
            && surroundings.firstContact(connection);
    return wanted
        ? List.of(
            Notification.ofIsakmp(
                keyed.attempt().header(), NotificationType.INITIAL_CONTACT, Bytes.EMPTY))
        : List.of();
  }

  // --- the peer's --------------------------------------------------------------------------------

  /// `<-- HDR*, IDir, [ CERT, ] HASH_R or SIG_R`
  Step answered(ProofSent state, Incoming in, Actions actions) {
    PhaseOneCipher.Opened opened;
    Identification id;
    try {
      opened = state.keyed().sa().open(in.message(), state.keyed().sa().iv());
      id = Quicks.required(opened.message(), Identification.class);
    } catch (MalformedException e) {
      return unreadable(state, e, actions);
    }
    Attempt attempt = state.attempt();
    Courier.received(
        attempt.connection(), in.datagram(), opened.message(), Role.RESPONDER, actions);
    Keyed keyed = state.keyed().with(state.keyed().sa().with(opened.next()));
    Proven peer = proven(attempt.connection(), id, opened.message());
    return judge(state, keyed, new Claim(peer, opened.message(), in.taken()), actions);
  }

  /// What is encrypted with other keys may be of anybody. It changes nothing; if it is the peer's
  /// both ends have different secrets (RFC 2409 §5.4).
  private static Step unreadable(Phase1 state, MalformedException e, Actions actions) {
    actions.dropped(DropReason.UNAUTHENTIC);
    actions.progress(state.connection(), UNREADABLE + ": " + e.getMessage());
    return actions.then(state);
  }

  /// Anybody on the way may have added to what is in the clear (RFC 2407 §4.6.3).
  static Proven proven(Connection connection, Identification id, IsakmpMessage message) {
    boolean first =
        message.header().isEncrypted()
            && message.all(Notification.class).stream()
                .anyMatch(n -> n.type() == NotificationType.INITIAL_CONTACT);
    return new Proven(connection, id, first);
  }

  /// `--> HDR*, IDii, [ CERT, ] HASH_I or SIG_I`, in aggressive mode without identity and perhaps
  /// in the clear.
  Step received(KeAnswered state, Datagram datagram, IsakmpDatagram in, Actions actions) {
    IsakmpMessage message;
    IsakmpSa sa = state.keyed().sa().along(Path.of(datagram));
    try {
      switch (in) {
        case IsakmpMessage clear -> message = clear;
        case EncryptedMessage encrypted -> {
          PhaseOneCipher.Opened opened = sa.open(encrypted, sa.iv());
          message = opened.message();
          sa = sa.with(opened.next());
        }
      }
      boolean main = state.attempt().mode() == Phase1Mode.MAIN;
      if (main && in instanceof IsakmpMessage) {
        actions.dropped(DropReason.NOT_ENCRYPTED);
        return actions.then(state);
      }
      Taken taken = Taken.of(datagram.payload());
      Courier.received(state.connection(), datagram, message, Role.INITIATOR, actions);
      return main
          ? identified(state, sa, message, taken, actions)
          : claimed(state, sa, message, taken, actions);
    } catch (MalformedException e) {
      return unreadable(state, e, actions);
    }
  }

  private Step identified(
      KeAnswered state, IsakmpSa sa, IsakmpMessage message, Taken taken, Actions actions)
      throws MalformedException {
    Identification id = Quicks.required(message, Identification.class);
    Attempt attempt = state.attempt();
    Optional<Connection> meant = candidates.meant(state.keyed(), id.identity());
    Keyed keyed =
        state
            .keyed()
            .with(attempt.towards(meant.orElse(attempt.connection()), sa.path()))
            .with(sa)
            .requested(message);
    Proven peer = proven(keyed.attempt().connection(), id, message);
    return judge(state, keyed, new Claim(peer, message, taken), actions);
  }

  private Step claimed(
      KeAnswered state, IsakmpSa sa, IsakmpMessage message, Taken taken, Actions actions) {
    Proven claimed = state.claimed().orElseThrow();
    Attempt attempt = state.attempt().towards(claimed.connection(), sa.path());
    IsakmpSa known =
        Conclusion.through(
            sa,
            attempt,
            NatTraversal.detect(sa.keys().suite().prf(), attempt.header(), sa.path(), message),
            actions);
    Keyed keyed = state.keyed().with(attempt).with(known);
    Proven peer = proven(claimed.connection(), claimed.id(), message);
    return judge(state, keyed, new Claim(peer, message, taken), actions);
  }

  /// The proof of aggressive mode's responder, which came before there were keys: if it is nobody's
  /// the attempt cannot go on, for the key pair is used up.
  Step judgeAll(Keyed keyed, Proven peer, IsakmpMessage message, Taken taken, Actions actions) {
    Verifying verifying = new Verifying(keyed, peer, taken);
    Theirs theirs = proof.theirs(keyed, peer, message, actions.now());
    return theirs instanceof Theirs.Unauthentic(String why)
        ? conclusion.failed(verifying, Report.Cause.REFUSED, why, actions)
        : judge(verifying, keyed, new Claim(peer, message, taken), actions);
  }

  /// What a peer says of itself.
  ///
  /// @param peer who it is if it is right
  /// @param message that has its proof
  /// @param taken to tell the message again
  record Claim(Proven peer, IsakmpMessage message, Taken taken) {}

  /// Believes the peer or not.
  ///
  /// @param state stays as it is where the message proves to be nobody's
  /// @param keyed the state after the message
  Step judge(Phase1 state, Keyed keyed, Claim claim, Actions actions) {
    Proven peer = claim.peer();
    Verifying verifying = new Verifying(keyed, peer, claim.taken());
    Theirs theirs = proof.theirs(keyed, peer, claim.message(), actions.now());
    if (theirs instanceof Theirs.Unauthentic(String why)) {
      actions.dropped(DropReason.UNAUTHENTIC);
      actions.progress(keyed.attempt().connection(), why);
      return actions.then(state);
    }
    Optional<String> stranger = objection(peer);
    if (stranger.isPresent()) {
      return conclusion.refuse(
          verifying, NotificationType.INVALID_ID_INFORMATION, stranger.get(), actions);
    }
    return switch (theirs) {
      case Theirs.Right(String line) -> {
        actions.progress(peer.connection(), line);
        yield believed(keyed, peer, claim.taken(), actions);
      }
      case Theirs.ToVerify(Computation.Verify verify) -> {
        actions.add(new Action.Compute(verify));
        yield actions.then(verifying);
      }
      case Theirs.Unauthentic u -> throw new IllegalStateException("judged before: " + u);
    };
  }

  private static Optional<String> objection(Proven peer) {
    if (!PhaseOneProof.isParty(peer.id())) {
      return Optional.of(
          "'%s' with protocol %d and port %d is no identity of phase 1"
              .formatted(peer.id().identity(), peer.id().protocol(), peer.id().port()));
    }
    Identity remote = peer.id().identity();
    return Peer.permits(peer.connection(), remote)
        ? Optional.empty()
        : Optional.of(
            "identity differs: offered '%s', allowed '%s'"
                .formatted(
                    remote, peer.connection().remoteId().map(Identity::toString).orElse("any")));
  }

  /// The peer's signature is right.
  Step verified(Verifying state, Computation.Verified verified, Actions actions) {
    verified.lines().forEach(line -> actions.progress(state.peer().connection(), line));
    return believed(state.keyed(), state.peer(), state.taken(), actions);
  }

  private Step believed(Keyed keyed, Proven peer, Taken taken, Actions actions) {
    Attempt attempt = keyed.attempt();
    boolean main = attempt.mode() == Phase1Mode.MAIN;
    if (attempt.role() == Role.RESPONDER && isOneTooMany(peer, keyed.sa().path())) {
      return conclusion.refuse(
          new Verifying(keyed, peer, taken),
          NotificationType.AUTHENTICATION_FAILED,
          "canceling %s Mode due to uniqueness policy".formatted(main ? "Main" : "Aggressive"),
          actions);
    }
    boolean answers = (attempt.role() == Role.RESPONDER) == main;
    return answers
        ? prove(keyed, Optional.of(peer), taken, actions)
        : conclusion.established(keyed, peer, taken, actions);
  }

  private boolean isOneTooMany(Proven peer, Path path) {
    Connection connection = peer.connection();
    Uniqueness uniqueness = connection.options().uniqueness();
    return uniqueness == Uniqueness.KEEP
        && !peer.initialContact()
        && surroundings.standsElsewhere(
            new Peer(connection, connection.localId(), peer.id().identity()), path.remote());
  }

  /// The peer's signature is not right.
  Step notVerified(Verifying state, String why, Actions actions) {
    return conclusion.refuse(state, NotificationType.AUTHENTICATION_FAILED, why, actions);
  }
}
