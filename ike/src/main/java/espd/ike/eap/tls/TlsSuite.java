package espd.ike.eap.tls;

import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.tls.CipherSuite;

/// The cipher suites we take, the preferred first: ephemeral keys and AEAD, of TLS 1.3 (RFC 8446
/// §B.4) and 1.2 (RFC 5289, RFC 7905).
enum TlsSuite {
  TLS_AES_128_GCM_SHA256(CipherSuite.TLS_AES_128_GCM_SHA256, Signer.ANY),
  TLS_AES_256_GCM_SHA384(CipherSuite.TLS_AES_256_GCM_SHA384, Signer.ANY),
  TLS_CHACHA20_POLY1305_SHA256(CipherSuite.TLS_CHACHA20_POLY1305_SHA256, Signer.ANY),
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256(
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, Signer.CURVE),
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256(
      CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, Signer.RSA),
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384(
      CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, Signer.CURVE),
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384(
      CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, Signer.RSA),
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256(
      CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, Signer.CURVE),
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256(
      CipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, Signer.RSA);

  /// Which key the server of a suite signs with: those of 1.2 say so, and count EdDSA as ECDSA (RFC
  /// 8422 §5.1.3).
  private enum Signer {
    ANY,
    RSA,
    CURVE
  }

  private final int number;
  private final Signer signer;

  TlsSuite(int number, Signer signer) {
    this.number = number;
    this.signer = signer;
  }

  /// {@return the numbers of all}
  static int[] all() {
    return numbers(List.of(Signer.values()));
  }

  /// {@return the numbers of those that a server with such a key may choose}
  ///
  /// @param algorithm of the key, as the JDK names it
  static int[] of(String algorithm) {
    return numbers(List.of(Signer.ANY, algorithm.equals("RSA") ? Signer.RSA : Signer.CURVE));
  }

  private static int[] numbers(List<Signer> signers) {
    return Stream.of(values())
        .filter(suite -> signers.contains(suite.signer))
        .mapToInt(suite -> suite.number)
        .toArray();
  }

  /// {@return the name of a number}
  static String name(int number) {
    return Stream.of(values())
        .filter(suite -> suite.number == number)
        .map(TlsSuite::name)
        .findAny()
        .orElseGet(() -> "0x%04x".formatted(number));
  }
}
