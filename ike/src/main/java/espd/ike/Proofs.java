package espd.ike;

import espd.ike.eap.EapType;
import espd.ike.message.Bytes;
import java.util.List;
import java.util.Optional;

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

  /// One end's way to prove who it is.
  public sealed interface Proof {

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
    record Eap(List<EapType> methods, EapIdentity identity) implements Proof {

      /// Copies the list.
      ///
      /// @throws IllegalArgumentException when there is no method
      public Eap {
        methods = List.copyOf(methods);
        if (methods.isEmpty()) {
          throw new IllegalArgumentException("no method of EAP");
        }
      }
    }
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
