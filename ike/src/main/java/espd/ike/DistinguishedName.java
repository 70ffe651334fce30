package espd.ike;

import espd.ike.message.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
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

  private final X500Name name;
  private final Bytes der;

  private DistinguishedName(X500Name name, Bytes der) {
    this.name = name;
    this.der = der;
  }

  /// {@return the name of these octets, if they are one}
  public static Optional<DistinguishedName> of(Bytes der) {
    try {
      return Optional.of(
          new DistinguishedName(X500Name.getInstance(BCStyle.INSTANCE, der.toArray()), der));
    } catch (IllegalArgumentException | IllegalStateException | ClassCastException e) {
      return Optional.empty();
    }
  }

  /// {@return the name that a text is}
  ///
  /// @throws IllegalArgumentException when it is none
  public static DistinguishedName parse(String text) {
    X500Name name = new X500Name(BCStyle.INSTANCE, text);
    try {
      return new DistinguishedName(name, Bytes.of(name.getEncoded(ASN1Encoding.DER)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    List<AttributeTypeAndValue> ours = parts();
    List<AttributeTypeAndValue> theirs = other.parts();
    if (ours.size() != theirs.size() || name.getRDNs().length != other.name.getRDNs().length) {
      return false;
    }
    for (int i = 0; i < ours.size(); i++) {
      if (!ours.get(i).getType().equals(theirs.get(i).getType())
          || !values.test(canonical(ours.get(i)), canonical(theirs.get(i)))) {
        return false;
      }
    }
    return true;
  }

  private List<AttributeTypeAndValue> parts() {
    List<AttributeTypeAndValue> parts = new ArrayList<>();
    for (RDN rdn : name.getRDNs()) {
      parts.addAll(List.of(rdn.getTypesAndValues()));
    }
    return parts;
  }

  private static String canonical(AttributeTypeAndValue part) {
    return IETFUtils.canonicalString(part.getValue());
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
    List<String> texts = new ArrayList<>();
    for (AttributeTypeAndValue part : parts()) {
      String type = BCStyle.INSTANCE.oidToDisplayName(part.getType());
      texts.add(
          (type == null ? part.getType().getId() : type)
              + "="
              + IETFUtils.valueToString(part.getValue()));
    }
    return String.join(", ", texts).replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
  }
}
