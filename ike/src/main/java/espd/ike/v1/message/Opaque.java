package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.ike.message.MalformedException;
import espd.ike.message.Reader;

/// Bodies of payloads that are nothing but octets, at least one.
final class Opaque {

  private Opaque() {}

  static Bytes read(Reader in, String label) throws MalformedException {
    if (!in.hasMore()) {
      throw new MalformedException("nothing in " + label);
    }
    return in.rest();
  }
}
