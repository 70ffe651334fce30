package espd.ike;

import espd.ike.message.Bytes;
import espd.spd.Ipv6Address;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Who a peer is (RFC 7296 §3.5).
///
/// @param type the ID type: [#IPV6_ADDR], [#FQDN], … or one we do not know
/// @param data the Identification Data
public record Identity(int type, Bytes data) {

  /// ID_IPV4_ADDR.
  public static final int IPV4_ADDR = 1;

  /// ID_FQDN.
  public static final int FQDN = 2;

  /// ID_RFC822_ADDR.
  public static final int RFC822_ADDR = 3;

  /// ID_IPV6_ADDR.
  public static final int IPV6_ADDR = 5;

  /// ID_DER_ASN1_DN.
  public static final int DER_ASN1_DN = 9;

  /// ID_KEY_ID.
  public static final int KEY_ID = 11;

  /// {@return the identity of an address}
  public static Identity of(Ipv6Address address) {
    return new Identity(IPV6_ADDR, Bytes.of(address.octets()));
  }

  /// {@return the identity of a name: `user@host` is RFC822_ADDR, any other FQDN}
  ///
  /// @param name as it goes on the wire, without the `@` that ipsec.conf puts before an FQDN
  public static Identity ofName(String name) {
    return ofName(Bytes.of(name.getBytes(StandardCharsets.UTF_8)));
  }

  /// {@return the identity of a name in UTF-8}
  public static Identity ofName(Bytes name) {
    boolean mail = new String(name.toArray(), StandardCharsets.UTF_8).indexOf('@') > 0;
    return new Identity(mail ? RFC822_ADDR : FQDN, name);
  }

  /// {@return who an identity of EAP is: the octets of a distinguished name, as strongSwan sends
  /// them, or text that is one, an address or a name}
  public static Identity ofEap(Bytes octets) {
    Optional<DistinguishedName> encoded = DistinguishedName.of(octets);
    if (encoded.isPresent()) {
      return of(encoded.get());
    }
    String text = new String(octets.toArray(), StandardCharsets.UTF_8);
    try {
      if (text.indexOf('=') >= 0) {
        return of(DistinguishedName.parse(text));
      }
      return text.indexOf(':') >= 0 ? of(Ipv6Address.parse(text)) : ofName(text);
    } catch (IllegalArgumentException e) {
      return ofName(text);
    }
  }

  /// {@return an opaque identity}
  public static Identity ofKeyId(byte[] octets) {
    return new Identity(KEY_ID, Bytes.of(octets));
  }

  /// {@return the identity of the subject of a certificate}
  public static Identity of(DistinguishedName name) {
    return new Identity(DER_ASN1_DN, name.der());
  }

  /// {@return the distinguished name that it is, if it is one}
  public Optional<DistinguishedName> distinguishedName() {
    return type == DER_ASN1_DN ? DistinguishedName.of(data) : Optional.empty();
  }

  /// {@return whether an end that has to be this may be `other`: the same, or a distinguished name
  /// whose parts are the same but for those that are `*` here}
  public boolean permits(Identity other) {
    return equals(other)
        || distinguishedName()
            .flatMap(ours -> other.distinguishedName().map(ours::permits))
            .orElse(false);
  }

  /// {@return the identity as people write it; octets that are no text as `#` and hexadecimal
  /// digits}
  @Override
  public String toString() {
    return switch (type) {
      case IPV6_ADDR ->
          data.length() == Ipv6Address.OCTETS
              ? Ipv6Address.of(data.toArray()).toString()
              : "#" + data;
      case FQDN, RFC822_ADDR ->
          printable() ? new String(data.toArray(), StandardCharsets.UTF_8) : "#" + data;
      case DER_ASN1_DN -> distinguishedName().map(DistinguishedName::toString).orElse("#" + data);
      default -> "#" + data;
    };
  }

  private boolean printable() {
    for (int i = 0; i < data.length(); i++) {
      if (data.at(i) <= 0x20 || data.at(i) >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}
