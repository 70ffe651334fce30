package espd.dataplane.fragment;

import espd.dataplane.ipv6.ExtensionHeaders;
import espd.dataplane.ipv6.FragmentHeader;
import espd.dataplane.ipv6.Ipv6Header;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Puts datagrams together from fragments of IPv6 (RFC 8200 §4.5) or of IPv4 (RFC 791 §3.2),
/// because transport mode protects whole ones (RFC 4303 §3.3.4), and an SA for some ports those
/// that show them (RFC 4301 §7.3).
///
/// - Fragments of a datagram have source, destination and identification in common, those of IPv4
///   the protocol, too.
/// - Where two overlap, all of the datagram is dropped, and what still comes of it (RFC 5722 §4);
///   an exact duplicate alone is dropped without harm (RFC 8200 §4.5). IPv4's first specification
///   had one replace the other (RFC 791 §3.2), which only those use who mean harm (RFC 3128).
/// - A fragment that is first and last is a datagram, whatever else has its number (RFC 6946 §4).
/// - A datagram is given up 60 seconds after its first fragment came (RFC 8200 §4.5), or when
///   another needs its place and none is older.
///
/// Each datagram takes 66 KiB once it is needed, and the memory stays for others. One thread uses
/// it, but for the counts. It sends no ICMP error.
public final class Reassembly {

  /// The longest payload of an IPv6 packet that is no jumbogram (RFC 8200 §3).
  public static final int MAX_PAYLOAD_OCTETS = 65_535;

  /// The longest datagram.
  public static final int MAX_OCTETS = Ipv6Header.OCTETS + MAX_PAYLOAD_OCTETS;

  /// How long fragments wait for the others of their datagram (RFC 8200 §4.5).
  public static final long MAX_MILLIS = 60_000;

  /// What became of a fragment.
  public enum Result {
    /// It is kept until the others of its datagram come.
    WAITING,
    /// Its datagram is complete and can be written until the next fragment is added.
    COMPLETE,
    /// It was there already.
    DUPLICATE,
    /// It overlaps another, or one of its datagram did before (RFC 5722 §4).
    OVERLAP,
    /// A length or a header leads beyond its end, it carries nothing, it is not the last and no
    /// multiple of 8 octets long, or there is a fragment inside (RFC 8200 §4.5).
    MALFORMED,
    /// The datagram would be longer than [#MAX_OCTETS] (RFC 8200 §4.5), or its headers than 2 KiB.
    TOO_LONG,
    /// One fragment met congestion, another belongs to a transport that cannot be told (RFC 3168
    /// §5.3).
    CONGESTION,
    /// It is no fragment.
    NOT_A_FRAGMENT
  }

  private final int maxDatagrams;
  private final List<Datagram> datagrams = new ArrayList<>();
  private final Datagram alone = new Datagram();
  private final FragmentFields fields = new FragmentFields();
  private @Nullable Datagram complete;
  private final AtomicLong timedOut = new AtomicLong();
  private final AtomicLong evicted = new AtomicLong();

  /// @param maxDatagrams how many wait at the same time, at least 1
  public Reassembly(int maxDatagrams) {
    if (maxDatagrams < 1) {
      throw new IllegalArgumentException("no room for a datagram: " + maxDatagrams);
    }
    this.maxDatagrams = maxDatagrams;
  }

  /// Takes a fragment; its octets are copied.
  ///
  /// @param at where the fragment begins, with its header of IP
  /// @param octets its length
  /// @param nowMillis of a clock that does not run backwards
  public Result add(MemorySegment memory, int at, int octets, long nowMillis) {
    releaseComplete();
    giveUpOld(nowMillis);
    if (!fields.read(memory, at, octets)) {
      return Result.MALFORMED;
    }
    if (!fields.isFragment()) {
      return Result.NOT_A_FRAGMENT;
    }
    if (fields.dataOctets <= 0 || isBroken(memory)) {
      return Result.MALFORMED;
    }
    if (isTooLong()) {
      return Result.TOO_LONG;
    }
    if (fields.offset == 0 && !fields.more) {
      alone.open(fields, nowMillis);
      return add(alone, memory, at);
    }
    return add(waiting(nowMillis), memory, at);
  }

  private boolean isBroken(MemorySegment memory) {
    boolean nested =
        fields.offset == 0
            && !fields.ipv4
            && fields.nextHeader(memory) == ExtensionHeaders.FRAGMENT;
    return nested || (fields.more && fields.dataOctets % FragmentHeader.UNIT != 0);
  }

  private boolean isTooLong() {
    return fields.headerOctets > Datagram.MAX_HEADER_OCTETS
        || fields.payloadOctets(fields.offset + fields.dataOctets) > MAX_PAYLOAD_OCTETS;
  }

  private Result add(Datagram datagram, MemorySegment memory, int at) {
    if (datagram.isAbandoned()) {
      return Result.OVERLAP;
    }
    Result result = datagram.add(memory, at, fields);
    if (result == Result.COMPLETE) {
      complete = datagram;
    }
    return result;
  }

  /// The datagram of a fragment, which may be its first.
  private Datagram waiting(long nowMillis) {
    for (int i = 0; i < datagrams.size(); i++) {
      if (datagrams.get(i).isOf(fields)) {
        return datagrams.get(i);
      }
    }
    Datagram free = free();
    free.open(fields, nowMillis);
    return free;
  }

  private Datagram free() {
    int oldest = 0;
    for (int i = 0; i < datagrams.size(); i++) {
      if (datagrams.get(i).isFree()) {
        return datagrams.get(i);
      }
      if (datagrams.get(i).sinceMillis() < datagrams.get(oldest).sinceMillis()) {
        oldest = i;
      }
    }
    if (datagrams.size() < maxDatagrams) {
      datagrams.add(new Datagram());
      return datagrams.getLast();
    }
    if (!datagrams.get(oldest).isAbandoned()) {
      evicted.incrementAndGet();
    }
    return datagrams.get(oldest);
  }

  private void giveUpOld(long nowMillis) {
    for (int i = 0; i < datagrams.size(); i++) {
      Datagram datagram = datagrams.get(i);
      if (!datagram.isFree() && nowMillis - datagram.sinceMillis() >= MAX_MILLIS) {
        if (!datagram.isAbandoned()) {
          timedOut.incrementAndGet();
        }
        datagram.release();
      }
    }
  }

  private void releaseComplete() {
    if (complete != null) {
      complete.release();
      complete = null;
    }
  }

  /// {@return the octets of the datagram that the last fragment completed, at most [#MAX_OCTETS]}
  ///
  /// @throws IllegalStateException when it did not complete one, or it has been written
  public int octets() {
    return completed().octets();
  }

  /// Writes the datagram that the last fragment completed, as its sender cut it: without a Fragment
  /// header, and all that is in the headers of its first fragment. One of IPv4 may be cut again.
  ///
  /// @param at where it is to begin
  /// @return its octets
  /// @throws IllegalStateException when the last fragment did not complete one, or it has been
  ///   written
  public int write(MemorySegment into, int at) {
    Datagram datagram = completed();
    datagram.write(into, at);
    int octets = datagram.octets();
    releaseComplete();
    return octets;
  }

  private Datagram completed() {
    if (complete == null) {
      throw new IllegalStateException("no datagram is complete");
    }
    return complete;
  }

  /// {@return how many datagrams were given up because fragments did not come in time}
  public long timedOut() {
    return timedOut.get();
  }

  /// {@return how many datagrams were given up because others needed their place}
  public long evicted() {
    return evicted.get();
  }
}
