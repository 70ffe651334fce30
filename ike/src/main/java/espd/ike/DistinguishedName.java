package espd.ike;

import espd.ike.message.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// A distinguished name of X.501, as certificates name their subjects (RFC 5280 §4.1.2.4). People
/// write it in the order it is encoded in: `C=CH, O=strongSwan, CN=moon`.
public final class DistinguishedName {

  private static final String ANY = "*";

  /// One attribute of a name.
  ///
  /// @param place the RDN it stands in, counted from 0: several attributes may share one
  /// @param type an OID with dots
  /// @param value without what does not count in a comparison (RFC 5280 §7.1)
  /// @param text type and value as people write them
  private record Part(int place, String type, String value, String text) {}

  private final List<Part> parts;
  private final Bytes der;

  private DistinguishedName(X500Name name, Bytes der) {
    this.parts = parts(name.getRDNs());
    this.der = der;
  }

  private static List<Part> parts(RDN[] rdns) {
    List<Part> parts = new ArrayList<>();
    for (int place = 0; place < rdns.length; place++) {
      for (AttributeTypeAndValue part : rdns[place].getTypesAndValues()) {
        parts.add(part(place, part));
      }
    }
    return List.copyOf(parts);
  }

  private static Part part(int place, AttributeTypeAndValue part) {
    String type = part.getType().getId();
    String name =
        Objects.requireNonNullElse(BCStyle.INSTANCE.oidToDisplayName(part.getType()), type);
    return new Part(
        place,
        type,
        IETFUtils.canonicalString(part.getValue()),
        name + "=" + IETFUtils.valueToString(part.getValue()));
  }

  /// {@return the name of these octets, if they are one whose every part can be read}
  public static Optional<DistinguishedName> of(Bytes der) {
    try {
      return Optional.of(new DistinguishedName(X500Name.getInstance(der.toArray()), der));
    } catch (RuntimeException e) { // The library says so by whatever it stumbles over.
      return Optional.empty();
    }
  }

  /// {@return the name that a text is}
  ///
  /// @throws IllegalArgumentException when it is none
  public static DistinguishedName parse(String text) {
    try {
      X500Name name = new X500Name(BCStyle.INSTANCE, text);
      return new DistinguishedName(name, Bytes.of(name.getEncoded(ASN1Encoding.DER)));
    } catch (IOException | RuntimeException e) { // As above: `CN=#` is a null pointer to it.
      throw new IllegalArgumentException("no distinguished name", e);
    }
  }

  /// {@return it as it goes on the wire}
  public Bytes der() {
    return der;
  }

  /// {@return whether both name the same, whatever types their texts are of (RFC 5280 §7.1)}
  public boolean names(DistinguishedName other) {
    return matches(other, String::equals);
  }

  /// {@return whether `other` has the same parts in the same order, any for those that are `*`
  /// here}
  public boolean permits(DistinguishedName other) {
    return matches(other, (ours, theirs) -> ours.equals(ANY) || ours.equals(theirs));
  }

  private boolean matches(DistinguishedName other, BiPredicate<String, String> values) {
    if (parts.size() != other.parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      Part ours = parts.get(i);
      Part theirs = other.parts.get(i);
      if (ours.place != theirs.place
          || !ours.type.equals(theirs.type)
          || !values.test(ours.value, theirs.value)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DistinguishedName that && der.equals(that.der);
  }

  @Override
  public int hashCode() {
    return der.hashCode();
  }

  /// {@return its parts as people write them, without what could disturb a terminal or a log: a
  /// peer may call itself anything}
  @Override
  public String toString() {
    return Printable.of(parts.stream().map(Part::text).collect(Collectors.joining(", ")));
  }
}
