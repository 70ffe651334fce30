package espd.dataplane.esp;

import espd.spd.Direction;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The ciphers of OpenSSL 3 (`libcrypto.so.3`), called in place on the packets' own memory.
///
/// Algorithms are fetched once, for the life of the process. A cipher is a context for one SA, one
/// thread and one direction; its key is set when it is made, and each packet brings only its IV.
public final class LibCrypto implements EspEngine {

  private final Map<String, Long> ciphers = new TreeMap<>();
  private final Map<Integrity, Long> digests = new TreeMap<>();

  private LibCrypto() {
    Evp.initialise();
    try (Arena arena = Arena.ofConfined()) {
      for (EspSuite suite : Engines.suites()) {
        String cipher = cipherName(suite);
        ciphers.put(cipher, Evp.cipher(arena.allocateFrom(cipher).address()));
        digestName(suite.integrity())
            .map(name -> Evp.digest(arena.allocateFrom(name).address()))
            .ifPresent(digest -> digests.put(suite.integrity(), digest));
      }
    }
  }

  /// {@return the engine}
  ///
  /// @throws UnavailableEngineException when this host's libcrypto is none of OpenSSL 3
  static LibCrypto open() throws UnavailableEngineException {
    Optional<String> lack = Evp.LIBRARY.lack();
    if (lack.isPresent()) {
      throw new UnavailableEngineException(
          "libcrypto", lack.get(), "install OpenSSL 3 (package libssl3 or openssl-libs)");
    }
    return new LibCrypto();
  }

  private static String cipherName(EspSuite suite) {
    return switch (suite.encryption()) {
      case TRIPLE_DES_CBC -> "DES-EDE3-CBC";
      case NULL -> "NULL";
      case AES_CBC -> "AES-" + suite.keyBits() + "-CBC";
      case AES_GCM_16 -> "AES-" + suite.keyBits() + "-GCM";
      case CHACHA20_POLY1305 -> "ChaCha20-Poly1305";
    };
  }

  private static Optional<String> digestName(Integrity integrity) {
    return switch (integrity) {
      case NONE -> Optional.empty();
      case HMAC_MD5_96 -> Optional.of("MD5");
      case HMAC_SHA1_96 -> Optional.of("SHA1");
      case HMAC_SHA2_256_128 -> Optional.of("SHA2-256");
      case HMAC_SHA2_384_192 -> Optional.of("SHA2-384");
      case HMAC_SHA2_512_256 -> Optional.of("SHA2-512");
    };
  }

  @Override
  public String name() {
    return "libcrypto";
  }

  /// {@return whether a provider of this host's OpenSSL has the algorithms}
  @Override
  public boolean supports(EspSuite suite) {
    return cipher(suite) != 0
        && (suite.integrity() == Integrity.NONE || digest(suite.integrity()) != 0);
  }

  @Override
  public EspCipher sealing(SaParameters sa) {
    EspSuite suite = sa.suite();
    return suite.encryption().isAead()
        ? new LibCryptoAead(sa, Direction.OUTBOUND, cipher(suite))
        : new LibCryptoCbcHmac.Sealing(sa, cipher(suite), digest(suite.integrity()));
  }

  @Override
  public EspCipher opening(SaParameters sa) {
    EspSuite suite = sa.suite();
    return suite.encryption().isAead()
        ? new LibCryptoAead(sa, Direction.INBOUND, cipher(suite))
        : new LibCryptoCbcHmac.Opening(sa, cipher(suite), digest(suite.integrity()));
  }

  private long cipher(EspSuite suite) {
    return ciphers.getOrDefault(cipherName(suite), 0L);
  }

  private long digest(Integrity integrity) {
    return digests.getOrDefault(integrity, 0L);
  }
}
