package espd.ike.v1.message;

import espd.ike.message.Bytes;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/// Names and octets, in order, from test resources: known answers, and exchanges that were recorded
/// from the wire and from the log of who took part.
///
/// @param lines in the order of the file
public record Recording(List<Line> lines) {

  /// The recorded exchanges.
  public static final List<String> EXCHANGES =
      List.of(
          "main-psk-aes-sha1",
          "main-psk-3des-md5",
          "main-psk-aes-sha384",
          "main-rsa",
          "main-ecdsa",
          "aggressive-psk-aes-sha256");

  private static final List<String> SENDERS = List.of("initiator", "responder");

  /// One line.
  ///
  /// @param name what it is; of a message who sent it
  /// @param value its octets
  public record Line(String name, Bytes value) {

    /// {@return whether the initiator sent it}
    public boolean fromInitiator() {
      return name.equals("initiator");
    }

    /// {@return the message that it is}
    public byte[] datagram() {
      return value.toArray();
    }
  }

  /// {@return the lines of a file in `ikev1`}
  public static Recording of(String name) {
    return of("ikev1", name);
  }

  /// {@return the lines of a file}
  ///
  /// @param folder of the test resources
  public static Recording of(String folder, String name) {
    String path = "/" + folder + "/" + name + ".txt";
    try (InputStream in =
        Optional.ofNullable(Recording.class.getResourceAsStream(path)).orElseThrow()) {
      return new Recording(
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split(" ", -1))
              .map(words -> new Line(words[0], Bytes.ofHex(words[1])))
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// {@return its messages, in the order of the wire}
  public List<Line> messages() {
    return lines.stream().filter(line -> SENDERS.contains(line.name)).toList();
  }

  /// {@return all that has a name}
  public List<Bytes> all(String name) {
    return lines.stream().filter(line -> line.name.equals(name)).map(Line::value).toList();
  }

  /// {@return the first that has a name}
  public Bytes first(String name) {
    return all(name).getFirst();
  }

  /// {@return the first that has a name, as a secret}
  public KeyMaterial secret(String name) {
    return KeyMaterial.copyOf(first(name).toArray());
  }

  /// {@return the rest, from the `count`th line with a name on}
  public Recording from(String name, int count) {
    int seen = 0;
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).name.equals(name) && seen++ == count) {
        return new Recording(lines.subList(i, lines.size()));
      }
    }
    throw new IllegalArgumentException("no " + name + " number " + count);
  }
}
