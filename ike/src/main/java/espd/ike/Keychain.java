package espd.ike;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The keys and certificates of the host (the PAD's authentication data, RFC 4301 §4.4.3.2).
///
/// @param keys ours, by the public key that each belongs to
/// @param authorities whom we trust to issue certificates
/// @param certificates others, of peers that send none and of authorities between
/// @param crls what the authorities have revoked
/// @param places where they tell what they have revoked
public record Keychain(
    Map<PublicKey, PrivateKey> keys,
    List<X509Certificate> authorities,
    List<X509Certificate> certificates,
    List<X509CRL> crls,
    List<StatusPlaces> places) {

  /// Nothing.
  public static final Keychain EMPTY = new Keychain(Map.of(), List.of(), List.of(), List.of());

  /// With no places but those that the certificates name.
  public Keychain(
      Map<PublicKey, PrivateKey> keys,
      List<X509Certificate> authorities,
      List<X509Certificate> certificates,
      List<X509CRL> crls) {
    this(keys, authorities, certificates, crls, List.of());
  }

  /// Copies them.
  public Keychain {
    keys = Map.copyOf(keys);
    authorities = List.copyOf(authorities);
    certificates = List.copyOf(certificates);
    crls = List.copyOf(crls);
    places = List.copyOf(places);
  }

  /// {@return these and those of another, each once}
  public Keychain and(Keychain other) {
    Map<PublicKey, PrivateKey> all = new HashMap<>(other.keys);
    all.putAll(keys);
    return new Keychain(
        all,
        both(authorities, other.authorities),
        both(certificates, other.certificates),
        both(crls, other.crls),
        both(places, other.places));
  }

  private static <T> List<T> both(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).distinct().toList();
  }

  /// {@return how many there are of each, and no key}
  @Override
  public String toString() {
    return "%d keys, %d authorities, %d certificates, %d CRLs"
        .formatted(keys.size(), authorities.size(), certificates.size(), crls.size());
  }
}
