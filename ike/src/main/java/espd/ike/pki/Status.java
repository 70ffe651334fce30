package espd.ike.pki;

import java.security.cert.CRLReason;
import java.time.Instant;
import java.util.Locale;

/// What an authority has told of a certificate: whether it is revoked (RFC 5280 §5, RFC 6960 §2.2).
/// `toString` is what strongSwan says.
public sealed interface Status {

  /// It is not.
  record Good() implements Status {
    @Override
    public String toString() {
      return "certificate status is good";
    }
  }

  /// It is, or is on hold.
  record Revoked(Instant when, CRLReason reason) implements Status {
    @Override
    public String toString() {
      return "certificate was revoked on %s, reason: %s"
          .formatted(when, reason.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  /// What was told holds no longer.
  ///
  /// @param since when
  record Stale(Instant since) implements Status {
    @Override
    public String toString() {
      return "certificate status is unknown, what is known is stale since " + since;
    }
  }

  /// There are places that should tell, and none has.
  record Unavailable() implements Status {
    @Override
    public String toString() {
      return "certificate status is not available";
    }
  }

  /// There is no place that would tell.
  record Unpublished() implements Status {
    @Override
    public String toString() {
      return "certificate status is not available, and no URI to ask for it";
    }
  }

  /// {@return whether that is an answer}
  default boolean isKnown() {
    return this instanceof Good || this instanceof Revoked;
  }
}
