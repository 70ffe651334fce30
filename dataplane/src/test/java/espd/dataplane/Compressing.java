package espd.dataplane;

import espd.spd.InboundSa;
import espd.spd.Ipcomp;
import espd.spd.OutboundSa;
import espd.spd.SaParameters;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;

/// SAs whose packets are compressed (RFC 3173), and what they carry.
final class Compressing {

  /// What the receiver of these SAs chose.
  static final int CPI = 0x0c0d;

  private Compressing() {}

  /// `usual` with compression.
  static SaParameters compressed(SaParameters usual) {
    return SaDraft.inside(usual, Optional.of(new Ipcomp(CPI)), usual.originals());
  }

  /// Has `a` send under such an SA, and `b` receive.
  static Ends between(Host a, Host b, SaDraft draft) {
    OutboundSa out = new OutboundSa(compressed(draft.outbound(Host.A, Host.B)));
    a.sadb.install(out);
    InboundSa in = new InboundSa(compressed(draft.inbound(Host.B, Host.A)));
    b.sadb.install(in);
    return new Ends(out, in);
  }

  /// Both ends of an SA.
  record Ends(OutboundSa out, InboundSa in) {}

  /// A datagram of `octets` that say the same again and again.
  static byte[] text(int octets) {
    byte[] datagram = Packets.udp(5000, 6000, octets);
    byte[] words = "packets and bytes, packets and bytes; ".getBytes(StandardCharsets.US_ASCII);
    for (int i = 8; i < datagram.length; i++) {
      datagram[i] = words[i % words.length];
    }
    return datagram;
  }

  /// A datagram of `octets` that look like noise.
  static byte[] noise(int octets) {
    byte[] noise = new byte[octets];
    new Random(octets).nextBytes(noise);
    byte[] datagram = Packets.udp(5000, 6000, octets);
    System.arraycopy(noise, 0, datagram, 8, octets);
    return datagram;
  }

  /// The header of IPComp and `payload` behind it as it is.
  static byte[] ipcomp(int nextHeader, int cpi, byte[] payload) {
    return ByteBuffer.allocate(4 + payload.length)
        .putInt(nextHeader << 24 | cpi)
        .put(payload)
        .array();
  }

  /// DEFLATE without a header (RFC 1951).
  static byte[] deflated(byte[] payload) {
    try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
      deflater.setInput(payload);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] piece = new byte[512];
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
      return out.toByteArray();
    }
  }
}
