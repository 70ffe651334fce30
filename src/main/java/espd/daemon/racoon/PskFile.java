package espd.daemon.racoon;

import espd.daemon.config.FileOctets;
import espd.daemon.config.Findings;
import espd.daemon.config.Place;
import espd.daemon.config.SharedSecret;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `psk.txt`: a line for each peer, its address or name, blanks, and the key, which is the rest of
/// the line. The file is octets all the way, wiped after reading; no message repeats a key.
///
/// Blanks within a key belong to it. Blanks at its end, and the carriage return of another system,
/// do not: nobody sees them, print adds them, and the peer's file will hardly have the same ones.
/// racoon itself counts them, so a warning says where they stand; who means them writes the key in
/// hexadecimal digits after `0x`.
final class PskFile {

  private final FileOctets file;
  private final byte[] octets;
  private final Findings findings;
  private final List<SharedSecret> secrets = new ArrayList<>();

  private PskFile(FileOctets file, Findings findings) {
    this.file = file;
    this.octets = file.octets();
    this.findings = findings;
  }

  /// {@return the keys of a file, in their order: the first that fits a peer is taken}
  ///
  /// @param octets of the file, wiped
  static List<SharedSecret> read(Path path, byte[] octets, Findings findings) {
    requirePrivate(path, findings);
    FileOctets file = new FileOctets(path, octets);
    try {
      return new PskFile(file, findings).read();
    } finally {
      file.wipe();
    }
  }

  /// What racoon demands of the file, in its words.
  private static void requirePrivate(Path path, Findings findings) {
    try {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
      if (permissions.contains(PosixFilePermission.OTHERS_READ)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        findings.problem(
            Place.of(path), "\"" + path + "\" has weak file permission", "chmod 600 " + path);
      }
      Object us = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      if (!us.equals(Files.getAttribute(path, "unix:uid"))) {
        findings.problem(
            Place.of(path), "\"" + path + "\" has invalid owner uid", "chown " + us + " " + path);
      }
    } catch (IOException | UnsupportedOperationException e) {
      findings.warn(Place.of(path), "cannot tell whose it is: " + e.getMessage());
    }
  }

  private List<SharedSecret> read() {
    for (int at = 0; at < octets.length; ) {
      int end = at;
      while (end < octets.length && octets[end] != '\n') {
        end++;
      }
      if (octets[at] != '#') {
        line(at, end);
      }
      at = end + 1;
    }
    return secrets;
  }

  private void line(int from, int to) {
    int nameEnd = from;
    while (nameEnd < to && !isBlank(octets[nameEnd])) {
      nameEnd++;
    }
    int key = nameEnd;
    while (key < to && isBlank(octets[key])) {
      key++;
    }
    int end = to;
    while (end > key && isBlank(octets[end - 1])) {
      end--;
    }
    if (key == to) {
      if (nameEnd > from) {
        findings.warn(file.place(from), "no key behind the name: the line says nothing");
      }
      return;
    }
    if (nameEnd == from) {
      findings.warn(
          file.place(from), "no name where the line begins: it says nothing, as in racoon");
      return;
    }
    if (end < to) {
      findings.warn(
          file.place(end),
          "blanks behind the key are left out, which racoon counts: remove them, or write the key"
              + " as 0x and hexadecimal digits if they belong to it");
    }
    secret(file.text(from, nameEnd), key, end);
  }

  private void secret(String name, int from, int to) {
    byte[] key = Arrays.copyOfRange(octets, from, to);
    try {
      boolean hex = key.length >= 2 && key[0] == '0' && key[1] == 'x';
      Optional<KeyMaterial> secret = hex ? ofHex(key) : Optional.of(KeyMaterial.copyOf(key));
      if (secret.isEmpty()) {
        findings.problem(
            file.place(from),
            "0x and what is no hexadecimal",
            "an even number of hexadecimal digits, at least two");
        return;
      }
      secrets.add(new SharedSecret(SharedSecret.Use.PSK_OF_PEER, owner(name), secret.get()));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /// Blanks may stand between digits.
  private static Optional<KeyMaterial> ofHex(byte[] text) {
    byte[] digits = new byte[text.length];
    int count = 0;
    for (int i = 2; i < text.length; i++) {
      if (!isBlank(text[i])) {
        digits[count++] = (byte) Character.digit(text[i], 16);
      }
    }
    byte[] key = new byte[count / 2];
    boolean good = count > 0 && count % 2 == 0;
    for (int i = 0; i < count; i++) {
      good &= digits[i] >= 0;
      if (i / 2 < key.length) {
        key[i / 2] = (byte) ((key[i / 2] << 4) | (digits[i] & 0xf));
      }
    }
    try {
      return good ? Optional.of(KeyMaterial.copyOf(key)) : Optional.empty();
    } finally {
      Arrays.fill(digits, (byte) 0);
      Arrays.fill(key, (byte) 0);
    }
  }

  /// Whom a key is shared with; `*` is anybody. A name is compared by its octets, be it a host's, a
  /// person's or any other.
  private static List<Optional<Identity>> owner(String name) {
    if (name.equals("*")) {
      return List.of();
    }
    return List.of(Optional.of(identity(name)));
  }

  private static Identity identity(String name) {
    try {
      if (name.indexOf(':') >= 0) {
        return Identity.of(Ipv6Address.parse(name));
      }
      if (name.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
        return new Identity(Identity.IPV4_ADDR, Bytes.of(InetAddress.ofLiteral(name).getAddress()));
      }
    } catch (IllegalArgumentException e) {
      // A name that only looks like an address is a name.
    }
    return Identity.ofKeyId(name.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\f' || octet == 0x0b;
  }
}
