package espd.ike;

import espd.ike.message.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How the two ends of a connection prove who they are (RFC 7296 §2.15).
///
/// @param local how we do
/// @param remote how the peer has to
/// @param ppk the preshared key that goes into the keys besides, if any may
public record Proofs(Proof local, Proof remote, Optional<PpkRule> ppk) {

  /// Without a PPK.
  public Proofs(Proof local, Proof remote) {
    this(local, remote, Optional.empty());
  }

  /// A secret that both ends share.
  public static final Proofs SHARED_KEY = new Proofs(new Proof.SharedKey(), new Proof.SharedKey());

  /// {@return the certificates that we show: to prove ourselves, and as a server of EAP-TLS}
  public List<SignatureRule> shown() {
    Optional<SignatureRule> serving =
        remote instanceof Proof.Eap eap ? eap.byTls().map(Tls::server) : Optional.empty();
    return Stream.of(local.certified(), serving).flatMap(Optional::stream).toList();
  }

  /// One end's way to prove who it is.
  public sealed interface Proof {

    /// {@return which certificate the end shows, if it shows one}
    default Optional<SignatureRule> certified() {
      return switch (this) {
        case SharedKey() -> Optional.empty();
        case Signature(SignatureRule rule) -> Optional.of(rule);
        case Eap eap -> eap.byTls().map(Tls::peer);
      };
    }

    /// A secret that both ends share, found in [Credentials] by their identities.
    record SharedKey() implements Proof {}

    /// A signature by the key of a certificate; keys and authorities are in the [Keychain].
    ///
    /// @param rule with which certificate, and how
    record Signature(SignatureRule rule) implements Proof {}

    /// A method of EAP (RFC 7296 §2.16): an initiator's way only, towards a responder that has
    /// proven itself by other means before.
    ///
    /// @param methods that may be used, the preferred first; never empty
    /// @param identity who the initiator is towards the method
    /// @param tls the certificates of EAP-TLS
    record Eap(List<EapType> methods, EapIdentity identity, Tls tls) implements Proof {

      /// By methods without certificates.
      public Eap(List<EapType> methods, EapIdentity identity) {
        this(methods, identity, Tls.NONE);
      }

      /// Copies the list.
      ///
      /// @throws IllegalArgumentException when there is no method
      public Eap {
        methods = List.copyOf(methods);
        if (methods.isEmpty()) {
          throw new IllegalArgumentException("no method of EAP");
        }
      }

      /// {@return the certificates of EAP-TLS, if it may be that}
      public Optional<Tls> byTls() {
        return methods.contains(EapType.TLS) ? Optional.of(tls) : Optional.empty();
      }
    }
  }

  /// The certificates of EAP-TLS, in RFC 5216's words for the two ends.
  ///
  /// @param peer of the initiator: which it has, or has to have
  /// @param server likewise of the responder, or of who stands behind it
  /// @param serverName who the server is in its certificate, where it is another than towards IKE
  public record Tls(SignatureRule peer, SignatureRule server, Optional<Identity> serverName) {

    /// No certificate of ours, any of others.
    public static final Tls NONE = new Tls(SignatureRule.ANY, SignatureRule.ANY, Optional.empty());
  }

  /// Who an initiator is towards a method of EAP.
  public sealed interface EapIdentity {

    /// It says so when it is asked (RFC 3748 §5.1); a responder asks.
    record Asked() implements EapIdentity {}

    /// The one it has towards IKE.
    record OfIke() implements EapIdentity {}

    /// This one.
    record Named(Bytes name) implements EapIdentity {}
  }
}
