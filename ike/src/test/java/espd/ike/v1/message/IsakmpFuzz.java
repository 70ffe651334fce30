package espd.ike.v1.message;

import espd.ike.message.MalformedException;
import espd.ike.message.PayloadChain;
import espd.ike.message.Reader;
import java.util.Arrays;
import java.util.List;

/// Any octets as a message of IKEv1: a target for Jazzer, which calls [#fuzzerTestOneInput], and
/// for [IsakmpFuzzTest].
public final class IsakmpFuzz {

  private IsakmpFuzz() {}

  /// Reads what is read from the network before anything is proven, and what comes out of an
  /// encrypted message. What was read is written as the same octets, as the HASH over it relies on.
  ///
  /// @param data the datagram
  /// @throws IllegalStateException when it is not the same
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      switch (IsakmpDatagram.read(data)) {
        case IsakmpMessage message -> {
          if (message.asRequest().isEmpty() || message.asResponse().isEmpty()) {
            throw new IllegalStateException("a message without words");
          }
          if (isWhole(message.payloads())) {
            same(data, message.write());
          }
        }
        case EncryptedMessage message -> same(data, message.write());
      }
    } catch (MalformedException e) {
      // The one answer to what is no message.
    }
    if (data.length > 0) {
      inside(data[0] & 0xff, Arrays.copyOfRange(data, 1, data.length));
    }
  }

  private static void inside(int firstType, byte[] data) {
    try {
      Reader in = new Reader(data);
      List<IsakmpPayload> payloads = PayloadChain.read(firstType, in, IsakmpPayload::readBody);
      if (isWhole(payloads)) {
        byte[] written = PayloadChain.write(payloads);
        same(Arrays.copyOf(data, data.length - in.remaining()), written);
      }
    } catch (MalformedException e) {
      // As above.
    }
  }

  /// An SA that cannot be spoken about is not read to its end.
  private static boolean isWhole(List<IsakmpPayload> payloads) {
    return payloads.stream()
        .noneMatch(p -> p instanceof SecurityAssociation sa && sa.objection().isPresent());
  }

  private static void same(byte[] read, byte[] written) {
    if (!Arrays.equals(read, written)) {
      throw new IllegalStateException("read and written as something else");
    }
  }
}
