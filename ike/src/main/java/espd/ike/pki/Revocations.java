package espd.ike.pki;

import java.util.concurrent.CompletableFuture;

/// Finds out whether certificates are revoked.
@FunctionalInterface
public interface Revocations {

  /// Asks nobody: what is here counts.
  Revocations OFFLINE = inquiry -> CompletableFuture.completedFuture(inquiry.offline());

  /// {@return the answer in bounded time, never a failure; it may come on any thread}
  CompletableFuture<Inquiry.Finding> settle(Inquiry inquiry);
}
