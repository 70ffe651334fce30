package espd.dataplane.fragment;

import espd.dataplane.ipv6.ExtensionHeaders;
import espd.dataplane.ipv6.FragmentHeader;
import espd.dataplane.ipv6.Ipv6Header;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Cuts a packet into fragments that fit the path (RFC 8200 §4.5), as ESP may after it has been
/// applied (RFC 4303 §3.3.4):
///
/// ```
///  │ per-fragment headers │ 0 … n-1 │ n … 2n-1 │ 2n … │
///
///  │ per-fragment headers │ fragment, offset 0,  M │ 0 … n-1  │     n a multiple of 8
///  │ per-fragment headers │ fragment, offset n,  M │ n … 2n-1 │
///  │ per-fragment headers │ fragment, offset 2n    │ 2n …     │
/// ```
///
/// A thread owns one: [#cut] looks at a packet, [#write] then writes each fragment. Nothing is
/// allocated.
public final class Fragmentation {

  private final Identifications identifications;
  private final ExtensionHeaders headers = new ExtensionHeaders();
  private MemorySegment packet = MemorySegment.NULL;
  private int at;
  private int octets;
  private int count;
  private int each;
  private int identification;

  /// @param identifications shared by all that cut packets of the same hosts
  public Fragmentation(Identifications identifications) {
    this.identifications = identifications;
  }

  /// Decides how a packet is cut; it must stay as it is until its fragments are written.
  ///
  /// @param at where the packet begins
  /// @param octets its length
  /// @param mtuOctets the longest fragment; at least 1280 on any path (RFC 8200 §5)
  /// @return how many fragments it has: 1 when it fits as it is, 0 when it cannot be cut, being no
  ///   whole IPv6 packet, a fragment itself, or behind headers that leave no room for data
  public int cut(MemorySegment memory, int at, int octets, int mtuOctets) {
    count = 0;
    if (!headers.readWhole(memory, at, octets)) {
      return 0;
    }
    this.packet = memory;
    this.at = at;
    this.octets = octets;
    if (octets <= mtuOctets) {
      count = 1;
      return 1;
    }
    int room = mtuOctets - headers.perFragmentOctets() - FragmentHeader.OCTETS;
    if (headers.header() == ExtensionHeaders.FRAGMENT || room < FragmentHeader.UNIT) {
      return 0;
    }
    each = room - room % FragmentHeader.UNIT;
    count = (dataOctets() + each - 1) / each;
    identification = identifications.next(memory, at);
    return count;
  }

  /// {@return the length of a fragment of the packet cut last}
  ///
  /// @param k from 0
  /// @throws IllegalArgumentException when it has no such fragment
  public int octets(int k) {
    if (k < 0 || k >= count) {
      throw new IllegalArgumentException("no fragment " + k + " of " + count);
    }
    return count == 1
        ? octets
        : headers.perFragmentOctets() + FragmentHeader.OCTETS + dataOctets(k);
  }

  /// Writes a fragment of the packet cut last, or the packet where it is the only one.
  ///
  /// @param k from 0
  /// @param into not the packet's own place
  /// @param intoAt where the fragment is to begin
  /// @return its length
  /// @throws IllegalArgumentException when the packet has no such fragment
  public int write(int k, MemorySegment into, int intoAt) {
    int length = octets(k);
    if (count == 1) {
      MemorySegment.copy(packet, at, into, intoAt, length);
      return length;
    }
    int before = headers.perFragmentOctets();
    MemorySegment.copy(packet, at, into, intoAt, before);
    into.set(
        ValueLayout.JAVA_BYTE,
        intoAt + headers.perFragmentNamedAt(),
        (byte) ExtensionHeaders.FRAGMENT);
    Ipv6Header.payloadOctets(into, intoAt, length - Ipv6Header.OCTETS);
    writeHeader(k, into, intoAt + before);
    int data = intoAt + before + FragmentHeader.OCTETS;
    MemorySegment.copy(packet, at + before + (long) k * each, into, data, dataOctets(k));
    return length;
  }

  private void writeHeader(int k, MemorySegment into, int fragmentAt) {
    int next = packet.get(ValueLayout.JAVA_BYTE, at + headers.perFragmentNamedAt()) & 0xff;
    int nextAndOffset = FragmentHeader.nextAndOffset(next, k * each);
    if (k < count - 1) {
      FragmentHeader.writeMore(into, fragmentAt, nextAndOffset, identification);
    } else {
      FragmentHeader.writeLast(into, fragmentAt, nextAndOffset, identification);
    }
  }

  private int dataOctets() {
    return octets - headers.perFragmentOctets();
  }

  private int dataOctets(int k) {
    return Math.min(each, dataOctets() - k * each);
  }
}
