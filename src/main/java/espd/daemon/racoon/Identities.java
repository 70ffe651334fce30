package espd.daemon.racoon;

import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.ike.DistinguishedName;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Identities as `my_identifier` and `peers_identifier` write them.
final class Identities {

  private Identities() {}

  /// {@return the identity that is written; nothing where none is, and it comes from elsewhere}
  static Optional<Identity> read(Identifier identifier) throws Unreadable {
    if (identifier.text().isEmpty()) {
      return Optional.empty();
    }
    Value text = identifier.text().get();
    byte[] octets = text.text().getBytes(StandardCharsets.UTF_8);
    return Optional.of(
        switch (identifier.type()) {
          case ADDRESS -> address(text);
          case FQDN -> new Identity(Identity.FQDN, Bytes.of(octets));
          case USER_FQDN -> new Identity(Identity.RFC822_ADDR, Bytes.of(octets));
          case KEYID -> Identity.ofKeyId(identifier.isFile() ? file(text) : octets);
          case ASN1DN -> Identity.of(name(text));
        });
  }

  private static Identity address(Value text) throws Unreadable {
    Ipv6Address address = Tokens.address(text, "an address");
    byte[] octets = address.octets();
    return address.isIpv4()
        ? new Identity(Identity.IPV4_ADDR, Bytes.of(octets, octets.length - 4, 4))
        : Identity.of(address);
  }

  private static byte[] file(Value path) throws Unreadable {
    try {
      return Files.readAllBytes(Path.of(path.text()));
    } catch (IOException | IllegalArgumentException e) {
      throw new Unreadable(
          path.place(), path.quoted() + " (it cannot be read)", "a file with the key's name");
    }
  }

  private static DistinguishedName name(Value text) throws Unreadable {
    try {
      return DistinguishedName.parse(text.text());
    } catch (IllegalArgumentException e) {
      throw new Unreadable(text, "a distinguished name, as C=CH, O=strongSwan, CN=moon");
    }
  }
}
