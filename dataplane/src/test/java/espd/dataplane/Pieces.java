package espd.dataplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.dataplane.QueueUnderlay.Wire;
import espd.dataplane.fragment.Fragmentation;
import espd.dataplane.fragment.Identifications;
import espd.dataplane.fragment.Reassembly;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts datagrams as a host does, and puts together what arrives as its peer does (RFC 8200 §4.5).
final class Pieces {

  private static final int FRAGMENT_AT = 40;

  private Pieces() {}

  /// The fragments of a datagram, each datagram's with a number of its own.
  static List<byte[]> cut(byte[] datagram, int mtuOctets) {
    Fragmentation fragmentation = new Fragmentation(new Identifications(new SecureRandom()));
    int count = fragmentation.cut(MemorySegment.ofArray(datagram), 0, datagram.length, mtuOctets);
    List<byte[]> fragments = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      byte[] into = new byte[mtuOctets];
      int octets = fragmentation.write(k, MemorySegment.ofArray(into), 0);
      fragments.add(Arrays.copyOf(into, octets));
    }
    return fragments;
  }

  /// Takes the fragments of one ESP packet as they leave, and puts them together.
  static Wire nextWhole(Host host, int mtuOctets) {
    Reassembly reassembly = new Reassembly(1);
    while (true) {
      Wire wire = host.nextSent();
      byte[] octets = wire.octets();
      assertTrue(octets.length <= mtuOctets, () -> octets.length + " octets");
      assertEquals(Packets.FRAGMENT, octets[6]);
      assertEquals(Packets.ESP, octets[FRAGMENT_AT]);
      Reassembly.Result result = reassembly.add(MemorySegment.ofArray(octets), 0, octets.length, 0);
      if (result == Reassembly.Result.COMPLETE) {
        MemorySegment whole = MemorySegment.ofArray(new byte[reassembly.octets()]);
        reassembly.write(whole, 0);
        return wire.with(whole.toArray(ValueLayout.JAVA_BYTE));
      }
      assertEquals(Reassembly.Result.WAITING, result);
    }
  }

  /// The sequence number of an ESP packet (RFC 4303 §2.2).
  static int number(byte[] packet) {
    return ByteBuffer.wrap(packet).getInt(Host.espOffset(packet) + 4);
  }

  /// A datagram as transport mode delivers it.
  static byte[] transported(byte[] datagram) {
    byte[] expected = datagram.clone();
    expected[7] = QueueUnderlay.HOP_LIMIT;
    return expected;
  }

  /// A fragment of UDP from A to B.
  ///
  /// @param identification of its datagram
  /// @param offsetAndMore where its data stands, with the lowest bit for more
  static byte[] fragment(int identification, int offsetAndMore, byte[] data) {
    byte[] header = Packets.fragment(Packets.UDP, offsetAndMore, data);
    ByteBuffer.wrap(header).putInt(4, identification);
    return Packets.ipv6(Host.A, Host.B, Packets.FRAGMENT, header);
  }
}
