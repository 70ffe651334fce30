package espd.daemon.racoon;

import espd.daemon.config.KeychainReader;
import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.ike.Keychain;
import espd.ike.Proofs;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.SignatureRule.Asking;
import espd.ike.SignatureRule.Revocation;
import espd.ike.SignatureRule.Sending;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The certificates that a `racoon.conf` names: our own with its key (`certificate_type`), those of
/// authorities (`ca_type`, or all that OpenSSL finds in `path certificate`) and of peers
/// (`peers_certfile`).
final class Certificates {

  private static final String USUAL = "/etc/racoon/certs";

  private final KeychainReader reader;
  private final Path folder;

  /// @param conf whose folder of certificates is read
  Certificates(RacoonConf conf, KeychainReader reader) {
    this.reader = reader;
    this.folder =
        Path.of(
            Optional.ofNullable(conf.paths().get("certificate")).map(Value::text).orElse(USUAL));
    reader.hashed(folder);
  }

  /// {@return all that was read}
  Keychain keychain() {
    return reader.keychain();
  }

  /// {@return our own certificate, and those of the authorities between it and its root; nothing
  /// where we have none}
  List<X509Certificate> own(Remote remote) throws Unreadable {
    Optional<RemoteItem.Certificate> own = remote.last(RemoteItem.Certificate.class);
    if (own.isEmpty()) {
      return List.of();
    }
    key(own.get().key());
    return reader.chain(own.get().certificate(), file(own.get().certificate()));
  }

  private void key(Value name) throws Unreadable {
    try {
      reader.key(file(name), Optional.empty());
    } catch (IOException e) {
      throw new Unreadable(
          name.place(), name.quoted() + " (it cannot be read)", "a private key's file");
    } catch (GeneralSecurityException e) {
      throw new Unreadable(
          name.place(), name.quoted() + " (" + e.getMessage() + ")", "a private key's file");
    }
  }

  /// {@return how the ends prove themselves by signatures}
  Proofs proofs(Remote remote) throws Unreadable {
    List<X509Certificate> own = own(remote);
    if (own.isEmpty()) {
      throw new Unreadable(
          remote.word().place(),
          "remote " + remote.name() + " with rsasig and no certificate of our own",
          "certificate_type x509 \"CERTIFICATE\" \"KEY\" in it");
    }
    Optional<RemoteItem.Authority> authority = remote.last(RemoteItem.Authority.class);
    List<X509Certificate> authorities =
        authority.isPresent()
            ? List.of(reader.authority(authority.get().file(), file(authority.get().file())))
            : List.of();
    Optional<RemoteItem.PeersCertificate> peers = remote.last(RemoteItem.PeersCertificate.class);
    List<X509Certificate> theirs =
        peers.isPresent()
            ? List.of(reader.chain(peers.get().file(), file(peers.get().file())).getFirst())
            : List.of();
    Sending sending = remote.isOn(RemoteChoice.SEND_CERT) ? Sending.ALWAYS : Sending.NEVER;
    Asking asking = remote.isOn(RemoteChoice.SEND_CR) ? Asking.CERTREQ : Asking.SILENT;
    return new Proofs(
        new Proof.Signature(rule(own, List.of(), sending, asking)),
        new Proof.Signature(rule(theirs, authorities, sending, asking)));
  }

  private static SignatureRule rule(
      List<X509Certificate> certificates,
      List<X509Certificate> authorities,
      Sending sending,
      Asking asking) {
    return new SignatureRule(
        certificates, authorities, Set.of(), sending, asking, Revocation.IF_KNOWN);
  }

  /// {@return a file, from the folder of certificates unless absolute}
  private Path file(Value name) throws Unreadable {
    return name.path(folder);
  }
}
