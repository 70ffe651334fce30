package espd.daemon.config;

import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// What a connection says of certificates and of public keys without one, in the words of whatever
/// file it is from.
interface Certification {

  /// {@return of our end its certificate, then those between it and a root; of the peer's the only
  /// ones it may have; none where none is named}
  ///
  /// @param side `left` or `right`
  List<X509Certificate> certificates(String side) throws Unreadable;

  /// {@return raw public keys of an end, ours or the only ones that the peer may have, in place of
  /// certificates; none where none is named}
  ///
  /// @param side `left` or `right`
  List<PublicKey> keys(String side) throws Unreadable;

  /// {@return the authorities of which one must have issued the peer's; none for any we trust}
  List<X509Certificate> authorities(String side) throws Unreadable;

  /// {@return when our certificate is sent}
  Sending sending(String side) throws Unreadable;

  /// {@return whether the peer is asked for its}
  Asking asking(String side) throws Unreadable;

  /// {@return what is asked of CRLs about the peer's}
  Revocation revocation(String side) throws Unreadable;

  /// {@return whether an end of which nothing else is said is who its certificate is of}
  boolean identifies(String side);

  /// {@return for people: what gives an end a certificate, or does without}
  String remedy(String side);
}
