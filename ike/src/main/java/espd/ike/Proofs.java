package espd.ike;

/// How the two ends of a connection prove who they are (RFC 7296 §2.15).
///
/// @param local how we do
/// @param remote how the peer has to
public record Proofs(Proof local, Proof remote) {

  /// A secret that both ends share.
  public static final Proofs SHARED_KEY = new Proofs(new Proof.SharedKey(), new Proof.SharedKey());

  /// One end's way to prove who it is.
  public sealed interface Proof {

    /// A secret that both ends share, found in [Credentials] by their identities.
    record SharedKey() implements Proof {}
  }
}
