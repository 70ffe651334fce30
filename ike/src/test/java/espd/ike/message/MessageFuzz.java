package espd.ike.message;

import java.util.Arrays;
import java.util.List;

/// Any octets as a message: a target for Jazzer, which calls [#fuzzerTestOneInput], and for
/// [FuzzTest].
public final class MessageFuzz {

  private MessageFuzz() {}

  /// Reads what is read from the network before anything is proven, and what comes out of an
  /// Encrypted payload. What was read is written and read again as the same; of the attributes of a
  /// transform that we do not know, the first reading keeps only that there were some.
  ///
  /// @param data the datagram
  /// @throws IllegalStateException when it is not the same
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      Message message = Message.read(data);
      Message again = Message.read(message.write());
      same(message.toString(), again.toString());
      same(again, Message.read(again.write()));
    } catch (MalformedException e) {
      // The one answer to what is no message.
    }
    if (data.length == 0) {
      return;
    }
    try {
      byte[] rest = Arrays.copyOfRange(data, 1, data.length);
      List<Payload> payloads = Payloads.read(data[0] & 0xff, rest);
      List<Payload> again = again(payloads);
      same(again, again(again));
    } catch (MalformedException e) {
      // As above.
    }
  }

  private static List<Payload> again(List<Payload> payloads) throws MalformedException {
    return Payloads.read(Payloads.firstType(payloads), Payloads.write(payloads));
  }

  private static void same(Object first, Object second) {
    if (!first.equals(second)) {
      throw new IllegalStateException(first + " was written and read as " + second);
    }
  }
}
