package espd.ike.driver;

import espd.ike.Connection;
import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.crypto.Role;
import espd.ike.driver.Commands.Waiter;
import espd.ike.exchange.ChildSa;
import espd.ike.exchange.Event;
import espd.ike.exchange.Path;
import espd.ike.exchange.Report;
import espd.ike.exchange.Standing;
import espd.ike.message.Gateway;
import espd.ike.message.Header;
import espd.ike.message.InvalidMajorVersionException;
import espd.ike.message.MalformedException;
import espd.spd.InboundSa;
import espd.spd.Lifetime;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SadbListener;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// IKE for one host, IKEv2 (RFC 7296) and IKEv1 (RFC 2409): negotiates the connections it is given,
/// answers peers, and fills the SAD.
///
/// Any thread may call; what is called is done on the event loop. It subscribes to the SADB by
/// itself: an acquire negotiates the connection of its reqid, a soft expire rekeys, a hard one
/// deletes.
public final class Ike implements SadbListener, AutoCloseable {

  /// How long [#terminate] waits for the peer before the SAs are just dropped.
  private static final Duration TERMINATE = Duration.ofSeconds(5);

  /// How long [#close] waits for the peers.
  private static final Duration CLOSE = Duration.ofSeconds(3);

  /// How long the packets of an SA that came by another path are not looked at again.
  private static final Duration LOOKED_AT = Duration.ofSeconds(1);

  /// About what a datagram that waits takes of memory beside its octets.
  private static final int QUEUED_OVERHEAD = 256;

  private static final Logger LOG = LoggerFactory.getLogger(Ike.class);

  private final IkeConfiguration configuration;
  private final IkeScheduler scheduler;
  private final IkeSaTable table = new IkeSaTable();
  private final IkeSas ikeSas;
  private final Newcomers newcomers;
  private final Negotiations negotiations;
  private final Set<InboundSa> carried = ConcurrentHashMap.newKeySet();
  private final AtomicInteger queued = new AtomicInteger();
  private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

  /// Makes it, without connections, and subscribes it to the SADB.
  public Ike(IkeConfiguration configuration) {
    this.configuration = configuration;
    this.scheduler = configuration.scheduler();
    Machines machines = new Machines(new HostSurroundings(configuration, this::connections, table));
    this.ikeSas =
        new IkeSas(
            configuration,
            machines,
            table,
            new IkeSas.Owner(this::reported, this::settle, this::connection));
    this.negotiations = new Negotiations(configuration, ikeSas, table, this::settle);
    this.newcomers = new Newcomers(configuration, machines, ikeSas, table);
    configuration.sadb().subscribe(this);
  }

  private Optional<Connection> connection(String name) {
    return negotiations.connection(name);
  }

  private List<Connection> connections() {
    return negotiations.connections();
  }

  /// Replaces the connections. Nothing is started by it, and SAs that stand stay; peers may ask for
  /// the new ones from now on.
  ///
  /// @return done when that is so
  public CompletableFuture<@Nullable Void> load(Collection<Connection> loaded) {
    List<Connection> all = List.copyOf(loaded);
    CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
    scheduler.execute(
        () -> {
          negotiations.load(all);
          done.complete(null);
        });
    return done;
  }

  /// Negotiates a connection: with a new IKE SA, or within one there is with the same peer.
  ///
  /// @param name of a loaded connection
  /// @param progress is told each line on the way, from the event loop, in strongSwan's words; the
  ///   last ones name suite and both SPIs
  /// @return how it ended. With unlimited `keyingTries` it ends after the first try, and trying
  ///   goes on behind it
  public CompletableFuture<Outcome> initiate(String name, Consumer<String> progress) {
    return awaiting(progress, waiter -> negotiations.initiate(name, Optional.empty(), waiter));
  }

  /// Closes a connection: its Child SAs, and the IKE SA when nothing is left in it.
  ///
  /// @param name of the connection
  /// @param progress is told each line on the way, from the event loop
  /// @return how it ended, after some seconds at the latest; false when nothing was there
  public CompletableFuture<Outcome> terminate(String name, Consumer<String> progress) {
    return awaiting(progress, waiter -> negotiations.terminate(name, TERMINATE, waiter));
  }

  /// Closes IKE SAs with all their Child SAs.
  ///
  /// @param patience how long the peers may take to answer; the SAs are dropped then
  /// @param progress is told each line on the way, from the event loop
  /// @return how it ended; false when nothing was there
  public CompletableFuture<Outcome> terminate(
      IkeSaChoice which, Duration patience, Consumer<String> progress) {
    return awaiting(progress, waiter -> negotiations.terminate(which, patience, waiter));
  }

  /// Closes Child SAs; their IKE SAs stay.
  ///
  /// @param patience how long is waited for the peers' answers
  /// @param progress is told each line on the way, from the event loop
  /// @return how it ended; false when nothing was there, or a peer did not answer in time
  public CompletableFuture<Outcome> terminate(
      ChildSaChoice which, Duration patience, Consumer<String> progress) {
    return awaiting(progress, waiter -> negotiations.terminate(which, patience, waiter));
  }

  /// Has successors negotiated for IKE SAs, now.
  ///
  /// @return for how many; that they come is told to the [SaListener]
  public CompletableFuture<Integer> rekey(IkeSaChoice which) {
    return asked(() -> negotiations.rekey(which, false));
  }

  /// Has other IKE SAs made in the place of these, now, in which both ends prove themselves anew
  /// (RFC 7296 §2.8.3); these are closed then.
  ///
  /// @return for how many; that they come is told to the [SaListener]
  public CompletableFuture<Integer> reauthenticate(IkeSaChoice which) {
    return asked(() -> negotiations.rekey(which, true));
  }

  /// Has peers that have called us go to another gateway (RFC 5685 §5); each closes its IKE SA with
  /// us when it has another there. Those that cannot stay, with a word in the log.
  ///
  /// @return how many were meant
  public CompletableFuture<Integer> redirect(IkeSaChoice which, Gateway gateway) {
    return asked(() -> negotiations.redirect(which, gateway));
  }

  /// Has successors negotiated for Child SAs, now.
  ///
  /// @return for how many; that they come is told to the [SaListener]
  public CompletableFuture<Integer> rekey(ChildSaChoice which) {
    return asked(() -> negotiations.rekey(which));
  }

  private CompletableFuture<Outcome> awaiting(Consumer<String> progress, Consumer<Waiter> command) {
    CompletableFuture<Outcome> future = new CompletableFuture<>();
    run(() -> command.accept(new Waiter(future, progress)));
    return future;
  }

  private CompletableFuture<Integer> asked(Supplier<Integer> command) {
    CompletableFuture<Integer> future = new CompletableFuture<>();
    run(() -> future.complete(command.get()));
    return future;
  }

  private void run(Runnable task) {
    scheduler.execute(
        () -> {
          task.run();
          settle();
        });
  }

  /// Takes a datagram of UDP 500, or of 4500 without its non-ESP marker. What would have more than
  /// [IkeLimits#queuedOctets] wait is dropped.
  public void receive(Datagram datagram) {
    int octets = QUEUED_OVERHEAD + datagram.payload().length;
    if (queued.addAndGet(octets) > configuration.limits().queuedOctets()) {
      queued.addAndGet(-octets);
      configuration.listener().dropped(DropReason.QUEUE_FULL);
      return;
    }
    scheduler.execute(
        () -> {
          queued.addAndGet(-octets);
          received(datagram);
        });
  }

  /// A packet of an SA, authentic and the newest, came by another path than the SA's: the peer's
  /// NAT may have moved it. Where the IKE SA permits it, all of its SAs follow (RFC 7296 §2.23).
  /// May be told for every packet; an SA is looked at once a second.
  public void carried(InboundSa sa, Path path) {
    if (carried.add(sa)) {
      scheduler.execute(
          () -> {
            ikeSas.carried(sa, path);
            scheduler.schedule(scheduler.now().plus(LOOKED_AT), () -> carried.remove(sa));
          });
    }
  }

  /// The addresses of this host may have changed: IKE SAs move from one that is gone, and peers are
  /// told which there are (RFC 4555 §3.5, §3.6).
  public void roam() {
    run(ikeSas::roam);
  }

  /// The TCP stream of this number has broken: the IKE SA that uses it is told. Any thread.
  public void streamBroken(int localPort) {
    run(() -> ikeSas.streamBroken(localPort));
  }

  /// {@return the IKE SAs now, in the order they began}
  public List<IkeSaView> list() {
    return table.views().stream().sorted(Comparator.comparingInt(IkeSaView::serial)).toList();
  }

  /// Deletes all SAs at the peers; nothing new begins from now on.
  ///
  /// @return done when the peers have answered, or after three seconds
  public CompletableFuture<@Nullable Void> terminateAll() {
    scheduler.execute(this::closeAll);
    scheduler.schedule(scheduler.now().plus(CLOSE), this::giveUpAll);
    return closed;
  }

  /// Deletes all SAs at the peers, waits for their answers no longer than three seconds, and ends
  /// the threads. Not from the event loop.
  @Override
  public void close() {
    try {
      terminateAll().get(CLOSE.toMillis() + 500, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("not all peers have answered our deletions");
    }
    scheduler.close();
  }

  // --- the SADB's events -------------------------------------------------------------------------

  @Override
  public void acquire(SpdEntry entry, Selector packet) {
    if (entry.policy().processing() instanceof Processing.Protect protect) {
      run(() -> negotiations.acquired(protect.reqid(), packet));
    }
  }

  @Override
  public void expire(Sa sa, Lifetime.Limit limit) {
    run(() -> ikeSas.expire(sa, limit));
  }

  // --- datagrams

  private void received(Datagram datagram) {
    Instant now = scheduler.now();
    if (datagram.isKeepalive()) {
      return;
    }
    try {
      Header header = Header.read(datagram.payload());
      boolean first =
          (header.exchange() == Header.IKE_SA_INIT
                  || header.exchange() == Header.IKE_SESSION_RESUME)
              && header.fromInitiator()
              && !header.isResponse()
              && header.spiR() == 0
              && header.spiI() != 0;
      if (first) {
        Optional<Long> begun = table.begunBy(datagram, header.spiI());
        if (begun.isPresent()) {
          ikeSas.feed(begun.get(), new Event.Received(now, datagram));
        } else if (!negotiations.isClosing()) {
          newcomers.request(datagram, now);
        }
      } else if (!ikeSas.feed(
          header.fromInitiator() ? header.spiR() : header.spiI(),
          new Event.Received(now, datagram))) {
        newcomers.stranger(datagram, header, now);
      }
    } catch (InvalidMajorVersionException e) {
      if (e.majorVersion() == 1) {
        isakmp(datagram, e.header(), now);
      } else {
        newcomers.foreign(datagram, e, now);
      }
    } catch (MalformedException e) {
      configuration.listener().dropped(DropReason.NOT_IKE);
    }
    settle();
  }

  /// A message of IKEv1, whose header does not tell which end it is from: one of the cookies is
  /// ours. Only a first message lacks the responder's (RFC 2408 §3.1).
  private void isakmp(Datagram datagram, Header header, Instant now) {
    Event received = new Event.Received(now, datagram);
    if (ikeSas.feedIsakmp(Role.INITIATOR, header.spiI(), received)) {
      return;
    }
    if (header.spiR() != 0) {
      if (!ikeSas.feedIsakmp(Role.RESPONDER, header.spiR(), received)) {
        configuration.listener().dropped(DropReason.UNKNOWN_SPI);
      }
      return;
    }
    Optional<Long> begun = table.begunBy(datagram, header.spiI());
    if (begun.isPresent()) {
      ikeSas.feed(begun.get(), received);
    } else if (!negotiations.isClosing()) {
      newcomers.isakmp(datagram, now);
    }
  }

  // --- the end

  private void closeAll() {
    negotiations.close();
    ikeSas.feedAll(new Event.Terminate(scheduler.now()));
    settle();
  }

  private void giveUpAll() {
    ikeSas.feedAll(new Event.Forgotten(scheduler.now()));
    scheduler.execute(() -> closed.complete(null)); // what peers are told goes first
  }

  /// After everything that may have changed something: who waits is told.
  private void settle() {
    negotiations.settle();
    int standing = table.countStanding();
    int connecting = table.countConnecting();
    configuration.listener().ikeSas(standing, connecting);
    if (negotiations.isClosing() && standing == 0 && connecting == 0) {
      scheduler.execute(() -> closed.complete(null));
    }
  }

  // --- what the state machines report ------------------------------------------------------------

  /// What begins something new waits until the step that reports is done.
  private void reported(Report report) {
    IkeListener listener = configuration.listener();
    switch (report) {
      case Report.Progress(String connection, String line) ->
          negotiations.progress(connection, line);
      case Report.Warning(String connection, String line) ->
          negotiations.progress(connection, line);
      case Report.Reached _, Report.IkeSaUp _, Report.IkeSaRekeyed _ -> {}
      case Report.IkeSaDown(Standing last) -> negotiations.released(last.peer());
      case Report.ChildUp(ChildSa child, Optional<ChildSa> replaced) -> negotiations.up(child);
      case Report.ChildDown(ChildSa child, Report.Cause why) ->
          run(() -> negotiations.down(child, why));
      case Report.ChildFailed failed -> run(() -> negotiations.failed(failed));
      case Report.Exchanged(String exchange, Role role, String result) ->
          listener.exchanged(exchange, role == Role.INITIATOR ? "initiator" : "responder", result);
      case Report.Notified(Report.Sender from, String name) ->
          listener.notified(from == Report.Sender.US ? "sent" : "received", name);
      case Report.Retransmitted retransmitted -> listener.retransmitted();
      case Report.Dropped(DropReason why) -> listener.dropped(why);
    }
  }
}
