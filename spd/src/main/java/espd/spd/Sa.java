package espd.spd;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// One direction of a security association in the SAD (RFC 4301 §4.4.2): what was negotiated and
/// what its packets have counted so far.
///
/// The counters have one writer, the thread that owns this direction's order; any thread may read
/// them.
public abstract sealed class Sa permits InboundSa, OutboundSa {

  private static final VarHandle PACKETS;
  private static final VarHandle BYTES;
  private static final VarHandle LAST_USED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PACKETS = lookup.findVarHandle(Sa.class, "packets", long.class);
      BYTES = lookup.findVarHandle(Sa.class, "bytes", long.class);
      LAST_USED = lookup.findVarHandle(Sa.class, "lastUsedMillis", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile SaParameters parameters;

  @SuppressWarnings("unused") // through its VarHandle
  private long packets;

  @SuppressWarnings("unused") // through its VarHandle
  private long bytes;

  @SuppressWarnings("unused") // through its VarHandle
  private long lastUsedMillis;

  Sa(SaParameters parameters) {
    this.parameters = parameters;
  }

  /// {@return which way its packets go}
  public abstract Direction direction();

  /// {@return what was negotiated, with the peer's endpoint of now}
  public final SaParameters parameters() {
    return parameters;
  }

  /// Gives the SA another endpoint of the peer, from the next packet on; numbers, window and
  /// counters go on. Called through [Sadb#move].
  final void move(Ipv6Address remote, UdpEncapsulation ports) {
    parameters = parameters.movedTo(remote, ports);
  }

  /// {@return the SPI on the wire}
  public final int spi() {
    return parameters.spi();
  }

  /// Counts one packet. Only for the thread that owns this direction's order.
  ///
  /// @param octets of payload: what ESP carried, without its own header, padding and ICV
  /// @param nowMillis the time of the batch, since the epoch
  public final void count(int octets, long nowMillis) {
    PACKETS.setOpaque(this, (long) PACKETS.getOpaque(this) + 1);
    BYTES.setOpaque(this, (long) BYTES.getOpaque(this) + octets);
    LAST_USED.setOpaque(this, nowMillis);
  }

  /// {@return how many packets it has protected or accepted}
  public final long packets() {
    return (long) PACKETS.getOpaque(this);
  }

  /// {@return how many octets of payload it has protected or accepted}
  public final long bytes() {
    return (long) BYTES.getOpaque(this);
  }

  /// {@return when it was last used, in milliseconds since the epoch, 0 for never}
  public final long lastUsedMillis() {
    return (long) LAST_USED.getOpaque(this);
  }

  /// {@return the SPI with its direction, for people; nothing secret}
  @Override
  public final String toString() {
    return parameters.connection() + " " + parameters.spiText() + " " + direction();
  }
}
