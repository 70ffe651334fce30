package espd.tun;

import espd.spd.Ipv6Address;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// Datagrams by options of sockets that Java does not know: a sender that gives its host many in
/// one call (UDP_SEGMENT), and receivers.
final class Datagrams implements AutoCloseable {

  private static final int CALLS = 30;
  private static final int SEGMENT = 1200;
  private static final int IN_ONE_CALL = 40;
  private static final int SHORTER = 333;
  private static final int END = 0xffff;

  /// How the datagrams are taken.
  enum Receiver {
    /// One in a call.
    SINGLE,
    /// As many in a call as the host has together (UDP_GRO).
    MANY
  }

  private final Namespace sender;
  private final Path script = Files.createTempFile("datagrams", ".py");
  private final Process receiver;
  private final DataInputStream output;
  private int calls;

  /// Starts a receiver.
  Datagrams(Namespace sender, Namespace host, Receiver kind) throws Exception {
    this.sender = sender;
    try (var in = Objects.requireNonNull(Datagrams.class.getResourceAsStream("datagrams.py"))) {
      Files.write(script, in.readAllBytes());
    }
    this.receiver =
        host.call(
            () ->
                new ProcessBuilder(
                        "python3", script.toString(), "receive", kind.name(), "" + sent().size())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
    this.output = new DataInputStream(receiver.getInputStream());
    if (output.readByte() != 'R') {
      throw new IOException("the receiver does not begin");
    }
  }

  /// Sends [#sent()] to the receiver.
  void send(Ipv6Address to) throws Exception {
    sender.run(
        "python3 "
            + script
            + " send "
            + (to.isIpv4() ? "::ffff:" + to : to.toString())
            + " "
            + CALLS
            + " "
            + SEGMENT
            + " "
            + IN_ONE_CALL
            + " "
            + SHORTER);
  }

  /// {@return what is sent, as hexadecimal digits}
  static List<String> sent() {
    List<String> sent = new ArrayList<>();
    for (int call = 0; call < CALLS; call++) {
      for (int i = 0; i <= IN_ONE_CALL; i++) {
        int octets = i < IN_ONE_CALL ? SEGMENT : SHORTER;
        String number = String.format("%04x", sent.size());
        sent.add(number.repeat(octets).substring(0, 2 * octets));
      }
    }
    return sent;
  }

  /// {@return what was received, in its order, when all has come or nothing comes any more}
  List<String> received() throws IOException {
    List<String> received = new ArrayList<>();
    while (true) {
      int octets = output.readUnsignedShort();
      if (octets == END) {
        calls = output.readInt();
        return received;
      }
      received.add(HexFormat.of().formatHex(output.readNBytes(octets)));
    }
  }

  /// {@return in how many calls the datagrams were received}
  int calls() {
    return calls;
  }

  @Override
  public void close() throws IOException {
    receiver.destroy();
    Files.delete(script);
  }
}
