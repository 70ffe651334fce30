package espd.daemon.control;

import espd.daemon.config.Authority;
import espd.daemon.config.SharedSecret;
import espd.daemon.control.Operations.Outcome;
import espd.ike.Keychain;
import espd.spd.KeyMaterial;
import java.security.cert.X509CRL;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// Remembers what it was told.
///
/// @param told everything
record FakeCredentials(List<String> told) implements CredentialLoading {

  private Outcome told(String what) {
    told.add(what);
    return Outcome.done("");
  }

  @Override
  public Outcome loadShared(
      SharedSecret.Kind kind, String id, List<String> owners, KeyMaterial secret) {
    told.add(owners + " " + secret.use(octets -> HexFormat.of().formatHex(octets)));
    return told(kind + " " + id);
  }

  @Override
  public Outcome unloadShared(String id) {
    return told("forget " + id);
  }

  @Override
  public List<String> shared() {
    return List.of("psk-1");
  }

  @Override
  public Outcome loadCertificate(CertificateUse use, byte[] octets) {
    return told(use + " " + HexFormat.of().formatHex(octets));
  }

  @Override
  public Outcome loadKey(KeyMaterial octets) {
    told.add("key of " + octets.length());
    return Outcome.done("0badc0de");
  }

  @Override
  public Outcome unloadKey(String id) {
    return told("forget key " + id);
  }

  @Override
  public List<String> keys() {
    return List.of("0badc0de");
  }

  @Override
  public Outcome loadAuthority(String name, Map<String, List<String>> section) {
    return told("authority " + name + " " + section);
  }

  @Override
  public Outcome unloadAuthority(String name) {
    return told("forget authority " + name);
  }

  @Override
  public List<Authority> authorities() {
    return List.of();
  }

  @Override
  public Keychain keychain() {
    return Keychain.EMPTY;
  }

  @Override
  public List<X509CRL> fetchedCrls() {
    return List.of();
  }

  @Override
  public Outcome flush() {
    return told("flush");
  }

  @Override
  public Outcome clear() {
    return told("forget all");
  }
}
