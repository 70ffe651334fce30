package espd.ike.net;

import espd.ike.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Cuts a TCP stream into what it carries (RFC 9329 §3, §4):
///
/// ```
///  "IKETCP" | length (2 octets) | 0 0 0 0, IKE message | length | ESP packet | …
/// ```
///
/// The length counts its own two octets. One connection each; it holds at most one frame that is
/// not complete, 64 KiB.
final class Frames extends ChannelInboundHandlerAdapter {

  /// Who is given it; all return at once.
  interface Sink {

    /// An IKE message without the non-ESP marker.
    void ikeMessage(byte[] message);

    /// An ESP packet, whose octets are read before this returns.
    void espPacket(ByteBuffer packet);

    /// What came is none of this; the connection is being closed.
    void malformed(DropReason why);
  }

  /// What the initiator of a connection sends first (RFC 9329 §4).
  static final byte[] PREFIX = {'I', 'K', 'E', 'T', 'C', 'P'};

  /// The octets of a frame before what it carries; its length counts them (RFC 9329 §3).
  static final int LENGTH_OCTETS = 2;

  /// The non-ESP marker before IKE.
  static final int MARKER_OCTETS = 4;

  /// NAT-keepalives, of one octet, mean nothing here and are passed over (RFC 9329 §6.6).
  private static final int SHORTEST = LENGTH_OCTETS + 1;

  private final Sink sink;
  private boolean prefixed;
  private ByteBuf rest = Unpooled.EMPTY_BUFFER;

  /// @param expectsPrefix whether the peer has begun the connection
  Frames(boolean expectsPrefix, Sink sink) {
    this.prefixed = !expectsPrefix;
    this.sink = sink;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object read) {
    ByteBuf in = joined(context, (ByteBuf) read);
    rest = in;
    Optional<DropReason> fault = take(in);
    if (fault.isPresent()) {
      in.skipBytes(in.readableBytes());
      sink.malformed(fault.get());
      var _ = context.close();
    } else if (!in.isReadable()) {
      in.release();
      rest = Unpooled.EMPTY_BUFFER;
    }
  }

  /// {@return what is left of before, with what was read behind it}. A frame that comes octet by
  /// octet is copied once: there is room for all of it as soon as its length is known.
  private ByteBuf joined(ChannelHandlerContext context, ByteBuf in) {
    int octets = rest.readableBytes();
    if (octets == 0) {
      rest.release();
      return in;
    }
    ByteBuf joined = rest;
    if (!rest.isWritable(in.readableBytes())) {
      int frame = octets < LENGTH_OCTETS ? 0 : rest.getUnsignedShort(rest.readerIndex());
      joined = context.alloc().ioBuffer(Math.max(frame, octets + in.readableBytes()));
      joined.writeBytes(rest);
      rest.release();
    }
    joined.writeBytes(in);
    in.release();
    return joined;
  }

  /// Takes all that is complete.
  ///
  /// @return what is wrong with it, or nothing
  private Optional<DropReason> take(ByteBuf in) {
    if (!prefixed) {
      int octets = Math.min(PREFIX.length, in.readableBytes());
      for (int i = 0; i < octets; i++) {
        if (in.getByte(in.readerIndex() + i) != PREFIX[i]) {
          return Optional.of(DropReason.NOT_IKETCP);
        }
      }
      if (octets < PREFIX.length) {
        return Optional.empty();
      }
      in.skipBytes(octets);
      prefixed = true;
    }
    while (in.readableBytes() >= LENGTH_OCTETS) {
      int octets = in.getUnsignedShort(in.readerIndex());
      if (octets < SHORTEST) {
        return Optional.of(DropReason.BAD_FRAME);
      }
      if (in.readableBytes() < octets) {
        return Optional.empty();
      }
      hand(in.skipBytes(LENGTH_OCTETS).readSlice(octets - LENGTH_OCTETS));
    }
    return Optional.empty();
  }

  private void hand(ByteBuf frame) {
    int octets = frame.readableBytes();
    if (octets < MARKER_OCTETS) {
      return;
    }
    if (frame.getInt(frame.readerIndex()) == 0) {
      byte[] message = new byte[octets - MARKER_OCTETS];
      frame.skipBytes(MARKER_OCTETS).readBytes(message);
      sink.ikeMessage(message);
    } else {
      sink.espPacket(frame.nioBuffer());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    rest.release();
    rest = Unpooled.EMPTY_BUFFER;
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close();
  }
}
