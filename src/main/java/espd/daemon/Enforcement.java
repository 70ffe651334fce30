package espd.daemon;

import espd.spd.Sadb;
import espd.tun.InboundFilter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the host drop what arrives in the clear although the SPD says that it must be protected or
/// discarded (RFC 4301 §5.2): the host's filter follows the SPD.
///
/// A host that cannot filter is told so once, with what to do, and the daemon goes on; what the
/// host refuses later, and what another program takes out (`nft flush ruleset` in a firewall's
/// start), is tried again every [#LOOK_AGAIN]. Any thread.
final class Enforcement implements AutoCloseable {

  /// How long the filter may be missing unnoticed.
  static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  /// How old the number of dropped packets may be.
  static final Duration COUNT_AGAIN = Duration.ofSeconds(1);

  /// Why they are dropped, as a label beside the reasons of the data plane.
  static final String REASON = "cleartext";

  private static final Logger LOG = LoggerFactory.getLogger(Enforcement.class);

  private static final String NOT_DROPPED =
      "what must be protected and arrives in the clear is not dropped (RFC 4301 §5.2): {}";

  /// Takes the filter in use.
  interface Opening {
    /// {@return the filter of the host}
    ///
    /// @throws IOException when the host cannot filter, with what to do
    InboundFilter open() throws IOException;
  }

  /// Whether the filter is in force.
  ///
  /// @param inForce whether what must be protected is dropped when it is not
  /// @param detail where people find the filter, or why there is none
  record State(boolean inForce, String detail) {}

  private final Sadb sadb;
  private final Optional<InboundFilter> filter;
  private final InstantSource clock;

  private State state;
  private long dropped;
  private Instant counted = Instant.MIN;

  private Enforcement(Sadb sadb, InstantSource clock, Optional<InboundFilter> filter, State state) {
    this.sadb = sadb;
    this.clock = clock;
    this.filter = filter;
    this.state = state;
  }

  /// {@return what follows `sadb`, or does nothing on a host that cannot filter}
  static Enforcement open(Sadb sadb, InstantSource clock, Opening opening) {
    try {
      InboundFilter filter = opening.open();
      return new Enforcement(sadb, clock, Optional.of(filter), new State(true, filter.place()));
    } catch (IOException e) {
      LOG.warn(NOT_DROPPED, e.getMessage());
      return without(sadb, String.valueOf(e.getMessage()));
    }
  }

  /// {@return what does nothing, because people want it so; a filter that a killed daemon left is
  /// taken out}
  static Enforcement waived(Sadb sadb, Opening opening) {
    try {
      opening.open().close();
    } catch (IOException e) {
      LOG.debug("no filter can have been left behind: {}", e.getMessage());
    }
    return without(sadb, "--inbound-cleartext=accept");
  }

  private static Enforcement without(Sadb sadb, String why) {
    return new Enforcement(sadb, InstantSource.system(), Optional.empty(), new State(false, why));
  }

  /// Has the host do what the SPD says as of now; in force when it returns.
  synchronized void follow() {
    filter.ifPresent(this::follow);
  }

  private void follow(InboundFilter present) {
    try {
      present.follow(sadb.spd());
      state = new State(true, present.place());
    } catch (IOException e) {
      State refused = new State(false, String.valueOf(e.getMessage()));
      if (!refused.equals(state)) {
        LOG.error(NOT_DROPPED, refused.detail);
      }
      state = refused;
    }
  }

  /// Puts the filter back where it is missing. To be called about once a second.
  void look() {
    count(LOOK_AGAIN);
  }

  /// {@return how many packets were dropped so far}
  long dropped() {
    return count(COUNT_AGAIN);
  }

  private synchronized long count(Duration oldest) {
    Instant now = clock.instant();
    if (filter.isPresent() && !now.isBefore(counted.plus(oldest))) {
      counted = now;
      try {
        dropped = filter.get().dropped();
        if (!state.inForce) {
          follow();
        }
      } catch (IOException e) {
        if (state.inForce) {
          LOG.warn("{} is set up anew: {}", filter.get().place(), e.getMessage());
        }
        follow();
      }
    }
    return dropped;
  }

  /// {@return whether the filter is in force}
  synchronized State state() {
    return state;
  }

  @Override
  public void close() {
    filter.ifPresent(InboundFilter::close);
  }
}
