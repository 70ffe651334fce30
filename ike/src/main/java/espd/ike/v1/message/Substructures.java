package espd.ike.v1.message;

import espd.ike.message.MalformedException;
import espd.ike.message.Reader;
import espd.ike.message.Writer;
import java.util.List;
import java.util.function.BiConsumer;

/// Proposals inside of an SA and transforms inside of a proposal: all of one type, each with a
/// generic header, the last one announcing no other (RFC 2408 §3.5, §3.6). At least one.
final class Substructures {

  private static final int HEADER_OCTETS = 4;
  private static final int LAST = 0;

  private Substructures() {}

  @FunctionalInterface
  interface Body {
    void read(Reader in) throws MalformedException;
  }

  /// @param in to be read to its end
  static void read(Reader in, int type, Body body) throws MalformedException {
    int next = type;
    while (next == type) {
      next = in.u8();
      Reserved.expectZero(in.u8(), "a payload of type " + type);
      Reader one = in.sub(in.u16() - HEADER_OCTETS);
      body.read(one);
      one.expectEnd("a payload of type " + type);
    }
    if (next != LAST) {
      throw new MalformedException("type " + next + " after type " + type);
    }
  }

  static <T> void write(Writer out, int type, List<T> all, BiConsumer<T, Writer> body) {
    for (int i = 0; i < all.size(); i++) {
      int start = out.length();
      out.u8(i < all.size() - 1 ? type : LAST).u8(0).u16(0);
      body.accept(all.get(i), out);
      out.setU16(start + 2, out.length() - start);
    }
  }
}
