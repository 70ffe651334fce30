package espd.daemon.config;

import espd.ike.DistinguishedName;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Identities as `leftid=`, `rightid=` and `ipsec.secrets` write them (RFC 7296 §3.5).
final class Identities {

  private Identities() {}

  /// Reads an address, `@fqdn`, `user@fqdn`, `@@user@fqdn`, `@#hex`, `@[key id]`, or a type and a
  /// colon before any of these as strongSwan writes it.
  static Identity read(Value value) throws Unreadable {
    String text = value.text();
    int colon = text.indexOf(':');
    String type = colon > 0 ? text.substring(0, colon).toLowerCase(Locale.ROOT) : "";
    return switch (type) {
      case "ipv6", "ipv4" -> address(value.from(colon + 1));
      case "fqdn", "dns" -> new Identity(Identity.FQDN, Bytes.of(utf8(text.substring(colon + 1))));
      case "email", "rfc822", "userfqdn" ->
          new Identity(Identity.RFC822_ADDR, Bytes.of(utf8(text.substring(colon + 1))));
      case "keyid" -> keyId(value.from(colon + 1));
      case "asn1dn" -> Identity.of(name(value.from(colon + 1)));
      default -> untyped(value);
    };
  }

  private static Identity untyped(Value value) throws Unreadable {
    String text = value.text();
    if (text.startsWith("@#")) {
      return hex(value, text.substring(2));
    }
    if (text.startsWith("@[") && text.endsWith("]")) {
      return Identity.ofKeyId(utf8(text.substring(2, text.length() - 1)));
    }
    if (text.startsWith("@@")) {
      return new Identity(Identity.RFC822_ADDR, Bytes.of(utf8(text.substring(2))));
    }
    if (text.startsWith("@") && text.length() > 1) {
      return new Identity(Identity.FQDN, Bytes.of(utf8(text.substring(1))));
    }
    if (text.indexOf('=') >= 0) {
      return Identity.of(name(value));
    }
    if (text.isEmpty() || text.startsWith("%") || text.equals("@")) {
      throw new Unreadable(value, "an identity: an IPv6 address, @fqdn, user@fqdn or @#hex");
    }
    boolean number = text.matches("[0-9.]+") || text.indexOf(':') >= 0;
    return number ? address(value) : Identity.ofName(text);
  }

  private static Identity address(Value value) throws Unreadable {
    String text = value.text();
    try {
      if (text.matches("\\d{1,3}(\\.\\d{1,3}){3}")) {
        return new Identity(Identity.IPV4_ADDR, Bytes.of(InetAddress.ofLiteral(text).getAddress()));
      }
      return Identity.of(Ipv6Address.parse(text));
    } catch (IllegalArgumentException e) {
      throw new Unreadable(value, "an identity: an IPv6 address, @fqdn, user@fqdn or @#hex");
    }
  }

  private static Identity keyId(Value value) throws Unreadable {
    String text = value.text();
    if (text.startsWith("0x") || text.startsWith("@#")) {
      return hex(value, text.substring(2));
    }
    return Identity.ofKeyId(utf8(text));
  }

  private static Identity hex(Value value, String digits) throws Unreadable {
    if (digits.isEmpty() || !digits.matches("([0-9A-Fa-f]{2})+")) {
      throw new Unreadable(value, "@# and an even number of hexadecimal digits");
    }
    return Identity.ofKeyId(Bytes.ofHex(digits).toArray());
  }

  /// {@return a distinguished name: `C=CH, O=strongSwan, CN=moon`}
  static DistinguishedName name(Value value) throws Unreadable {
    try {
      return DistinguishedName.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw new Unreadable(value, "a distinguished name, as C=CH, O=strongSwan, CN=moon");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
