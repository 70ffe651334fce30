package espd.daemon.control;

import espd.daemon.config.Authority;
import espd.daemon.config.SharedSecret;
import espd.daemon.control.Operations.Outcome;
import espd.ike.Keychain;
import espd.spd.KeyMaterial;
import java.security.cert.X509CRL;
import java.util.List;
import java.util.Map;

/// Changes secrets, keys and certificates while the daemon runs. For any thread.
public interface CredentialLoading {

  /// What a certificate or list that is loaded is for.
  enum CertificateUse {
    /// An end: we, or a peer that does not send its own; an authority between.
    END,
    /// An authority that is trusted.
    AUTHORITY,
    /// What an authority has revoked.
    CRL,
    /// A raw public key, which the connections that use it name themselves.
    PUBLIC_KEY;

    /// {@return what it is, for people}
    public String label() {
      return switch (this) {
        case END, AUTHORITY -> "X509 certificate";
        case CRL -> "X509_CRL";
        case PUBLIC_KEY -> "public key";
      };
    }
  }

  /// Adds a secret, or replaces the one of that id.
  ///
  /// @param kind what it is for
  /// @param id names it
  /// @param owners who shares it; nobody means anybody
  /// @param secret what they share; closed when it is not used any more
  Outcome loadShared(SharedSecret.Kind kind, String id, List<String> owners, KeyMaterial secret);

  /// Removes a secret that was loaded.
  Outcome unloadShared(String id);

  /// {@return the ids of the secrets that were loaded, not those of the files}
  List<String> shared();

  /// Adds certificates or CRLs.
  ///
  /// @param octets PEM or DER
  Outcome loadCertificate(CertificateUse use, byte[] octets);

  /// Adds a private key.
  ///
  /// @param octets PEM or DER, not encrypted; closed
  /// @return with its id as message: the SHA-1 hash of the public key in hexadecimal digits
  Outcome loadKey(KeyMaterial octets);

  /// Removes a private key that was loaded.
  Outcome unloadKey(String id);

  /// {@return the ids of the private keys that were loaded, not those of the files}
  List<String> keys();

  /// Adds an authority, or replaces the one of that name.
  ///
  /// @param section its keys as `swanctl.conf` has them; octets that are no UTF-8 as ISO 8859-1
  Outcome loadAuthority(String name, Map<String, List<String>> section);

  /// Removes an authority that was loaded.
  Outcome unloadAuthority(String name);

  /// {@return the authorities that were loaded, not those of the files}
  List<Authority> authorities();

  /// {@return the CRLs that authorities have been asked for, and that hold}
  List<X509CRL> fetchedCrls();

  /// Forgets what authorities have told, so that they are asked anew.
  Outcome flush();

  /// {@return all keys, certificates and CRLs, those of the files too}
  Keychain keychain();

  /// Removes all that was loaded, but for authorities.
  Outcome clear();
}
