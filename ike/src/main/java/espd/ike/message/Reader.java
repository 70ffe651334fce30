package espd.ike.message;

/// Reads octets of the network within bounds. Every length is checked in [#take], and nothing else
/// can fail. Not for more than one thread.
public final class Reader {

  private final byte[] octets;
  private final int end;
  private int at;

  /// @param octets to be read from first to last; not copied
  public Reader(byte[] octets) {
    this(octets, 0, octets.length);
  }

  private Reader(byte[] octets, int at, int end) {
    this.octets = octets;
    this.at = at;
    this.end = end;
  }

  /// {@return the next octet, 0 to 255}
  public int u8() throws MalformedException {
    return octets[take(1)] & 0xff;
  }

  /// {@return the next two octets, 0 to 65535}
  public int u16() throws MalformedException {
    int from = take(2);
    return (octets[from] & 0xff) << 8 | (octets[from + 1] & 0xff);
  }

  /// {@return the next four octets}
  public int u32() throws MalformedException {
    return u16() << 16 | u16();
  }

  /// {@return the next eight octets}
  public long u64() throws MalformedException {
    return (long) u32() << 32 | (u32() & 0xffffffffL);
  }

  /// {@return a copy of the next `length` octets}
  public Bytes bytes(int length) throws MalformedException {
    int from = take(length);
    return Bytes.of(octets, from, length);
  }

  /// {@return a copy of all that is left}
  public Bytes rest() throws MalformedException {
    return bytes(remaining());
  }

  /// {@return a reader of the next `length` octets, which this one has then passed}
  public Reader sub(int length) throws MalformedException {
    int from = take(length);
    return new Reader(octets, from, from + length);
  }

  /// Passes over `length` octets, such as those the RFC reserves.
  public void skip(int length) throws MalformedException {
    take(length);
  }

  /// {@return how many octets are left}
  public int remaining() {
    return end - at;
  }

  /// {@return whether octets are left}
  public boolean hasMore() {
    return at < end;
  }

  /// Fails unless all octets are read.
  ///
  /// @param what was read, for the reason
  public void expectEnd(String what) throws MalformedException {
    if (hasMore()) {
      throw new MalformedException(remaining() + " octets too many in " + what);
    }
  }

  private int take(int length) throws MalformedException {
    if (length < 0 || length > end - at) {
      throw new MalformedException(
          length + " octets expected at " + at + ", " + (end - at) + " there");
    }
    int from = at;
    at += length;
    return from;
  }
}
