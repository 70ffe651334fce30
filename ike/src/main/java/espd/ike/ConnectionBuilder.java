package espd.ike;

import espd.ike.Connection.Compression;
import espd.ike.Connection.Liveness;
import espd.ike.Connection.Rekeying;
import espd.ike.Connection.Start;
import espd.ike.message.Proposal;
import espd.spd.Ipv6Address;
import espd.spd.Mode;
import espd.spd.OuterTraffic;
import espd.spd.Selector;
import java.util.List;
import java.util.Optional;

/// A [Connection] as it is put together: what is not set is as a file that does not name it would
/// have it, with SAs that never end. For one thread.
public final class ConnectionBuilder {

  private String name;
  private IkeVersion version = IkeVersion.TWO;
  private Ipv6Address local;
  private Optional<Ipv6Address> remote = Optional.empty();
  private Identity localId;
  private Optional<Identity> remoteId = Optional.empty();
  private Proofs proofs = Proofs.SHARED_KEY;
  private List<Proposal> ikeProposals = List.of();
  private List<Proposal> espProposals = List.of();
  private Mode mode = Mode.TUNNEL;
  private Compression compression = Compression.NONE;
  private List<Selector> selectors = List.of();
  private InternalAddresses internal = InternalAddresses.NONE;
  private int reqid = 1;
  private IkeOptions options = IkeOptions.DEFAULT;
  private int replayWindow = 64;
  private OuterTraffic outerTraffic = OuterTraffic.DEFAULT;
  private Rekeying ikeLifetime = Rekeying.NEVER;
  private Rekeying childLifetime = Rekeying.NEVER;
  private Liveness liveness = Liveness.NEVER;
  private int keyingTries = 1;
  private Start start = Start.ADD;

  /// A connection without proposals and selectors, which have to be set.
  ///
  /// @param name unique
  /// @param local our address
  public ConnectionBuilder(String name, Ipv6Address local) {
    this.name = name;
    this.local = local;
    this.localId = Identity.of(local);
  }

  /// All that `connection` is.
  ///
  /// @param connection to begin with
  public ConnectionBuilder(Connection connection) {
    this(connection.name(), connection.local());
    this.version = connection.version();
    this.remote = connection.remote();
    this.localId = connection.localId();
    this.remoteId = connection.remoteId();
    this.proofs = connection.proofs();
    this.ikeProposals = connection.ikeProposals();
    this.espProposals = connection.espProposals();
    this.mode = connection.mode();
    this.compression = connection.compression();
    this.selectors = connection.selectors();
    this.internal = connection.internal();
    this.reqid = connection.reqid();
    this.options = connection.options();
    this.replayWindow = connection.replayWindow();
    this.outerTraffic = connection.outerTraffic();
    this.ikeLifetime = connection.ikeLifetime();
    this.childLifetime = connection.childLifetime();
    this.liveness = connection.liveness();
    this.keyingTries = connection.keyingTries();
    this.start = connection.start();
  }

  /// Sets the name, for commands, logs and metrics.
  public ConnectionBuilder name(String name) {
    this.name = name;
    return this;
  }

  /// Sets the version of IKE; the second unless it is set.
  public ConnectionBuilder version(IkeVersion version) {
    this.version = version;
    return this;
  }

  /// Sets our address; the identity stays.
  public ConnectionBuilder local(Ipv6Address local) {
    this.local = local;
    return this;
  }

  /// Sets the peer's address; none accepts any peer.
  public ConnectionBuilder remote(Optional<Ipv6Address> remote) {
    this.remote = remote;
    return this;
  }

  /// Sets who we say we are; our address unless it is set.
  public ConnectionBuilder localId(Identity localId) {
    this.localId = localId;
    return this;
  }

  /// Sets who the peer has to prove it is.
  public ConnectionBuilder remoteId(Optional<Identity> remoteId) {
    this.remoteId = remoteId;
    return this;
  }

  /// Sets how both ends prove who they are.
  public ConnectionBuilder proofs(Proofs proofs) {
    this.proofs = proofs;
    return this;
  }

  /// Has a PPK go into the keys, and announces that we have one.
  public ConnectionBuilder ppk(PpkRule rule) {
    this.proofs = new Proofs(proofs.local(), proofs.remote(), Optional.of(rule));
    this.options = options.announcing(Extension.PPK, true);
    return this;
  }

  /// Sets what is proposed for the IKE SA.
  public ConnectionBuilder ikeProposals(List<Proposal> ikeProposals) {
    this.ikeProposals = ikeProposals;
    return this;
  }

  /// Sets what is proposed for Child SAs.
  public ConnectionBuilder espProposals(List<Proposal> espProposals) {
    this.espProposals = espProposals;
    return this;
  }

  /// Sets the mode of the Child SAs.
  public ConnectionBuilder mode(Mode mode) {
    this.mode = mode;
    return this;
  }

  /// Sets whether packets are compressed; they are not unless it is set.
  public ConnectionBuilder compression(Compression compression) {
    this.compression = compression;
    return this;
  }

  /// Sets the packets to protect.
  public ConnectionBuilder selectors(List<Selector> selectors) {
    this.selectors = selectors;
    return this;
  }

  /// Sets the addresses inside of the tunnel; none unless it is set.
  public ConnectionBuilder internal(InternalAddresses internal) {
    this.internal = internal;
    return this;
  }

  /// Sets what ties the Child SAs to the policies.
  public ConnectionBuilder reqid(int reqid) {
    this.reqid = reqid;
    return this;
  }

  /// Sets what the IKE SA may do beyond the core.
  public ConnectionBuilder options(IkeOptions options) {
    this.options = options;
    return this;
  }

  /// Sets the replay window of the Child SAs.
  public ConnectionBuilder replayWindow(int replayWindow) {
    this.replayWindow = replayWindow;
    return this;
  }

  /// Sets how the packets look from outside.
  public ConnectionBuilder outerTraffic(OuterTraffic outerTraffic) {
    this.outerTraffic = outerTraffic;
    return this;
  }

  /// Sets when the IKE SA is replaced.
  public ConnectionBuilder ikeLifetime(Rekeying ikeLifetime) {
    this.ikeLifetime = ikeLifetime;
    return this;
  }

  /// Sets when the Child SAs are replaced.
  public ConnectionBuilder childLifetime(Rekeying childLifetime) {
    this.childLifetime = childLifetime;
    return this;
  }

  /// Sets dead peer detection.
  public ConnectionBuilder liveness(Liveness liveness) {
    this.liveness = liveness;
    return this;
  }

  /// Sets how often to try, 0 for ever.
  public ConnectionBuilder keyingTries(int keyingTries) {
    this.keyingTries = keyingTries;
    return this;
  }

  /// Sets what happens when the program starts.
  public ConnectionBuilder start(Start start) {
    this.start = start;
    return this;
  }

  /// {@return the connection}
  ///
  /// @throws IllegalArgumentException when it lacks selectors or proposals
  public Connection build() {
    return new Connection(
        name,
        version,
        local,
        remote,
        localId,
        remoteId,
        proofs,
        ikeProposals,
        espProposals,
        mode,
        compression,
        selectors,
        internal,
        reqid,
        options,
        replayWindow,
        outerTraffic,
        ikeLifetime,
        childLifetime,
        liveness,
        keyingTries,
        start);
  }
}
