package espd.ike.pki;

import espd.ike.Keychain;
import espd.ike.SignatureRule.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The question whether certificates are revoked that lead to an authority we trust. There is none
/// about others: what a certificate names to be asked is only asked after its path's signatures
/// have been verified up to the root, and the peer's own proof besides, so that nobody whom no
/// authority of ours has certified can have this host connect to places of his choice.
///
/// @param policy what becomes of a certificate whose status nobody tells
/// @param keychain with the CRLs and the places that are configured
/// @param path from the peer's certificate up to the root; verified
/// @param now the time it has to be valid at
public record Inquiry(Revocation policy, Keychain keychain, List<Link> path, Instant now) {

  /// Copies the list.
  public Inquiry {
    path = List.copyOf(path);
  }

  /// What comes of it.
  ///
  /// @param lines for people, what was asked and told
  /// @param objection why the peer's certificate does not count, if it does not
  public record Finding(List<String> lines, Optional<String> objection) {

    /// Copies the list.
    public Finding {
      lines = List.copyOf(lines);
    }
  }

  /// What was found out about one certificate.
  ///
  /// @param lines for people
  record Checked(Status status, List<String> lines) {}

  /// {@return whether anybody has to be asked: what is here does not settle it}
  boolean isOpen() {
    return path.stream().noneMatch(link -> known(link) instanceof Status.Revoked)
        && path.stream().anyMatch(this::isOpen);
  }

  private boolean isOpen(Link link) {
    return !link.ocspPlaces(keychain).isEmpty()
        || (!link.crlPlaces(keychain).isEmpty() && !known(link).isKnown());
  }

  /// {@return what the CRLs that are here tell}
  Status known(Link link) {
    Status status = Crls.status(link, keychain.crls(), now);
    return status instanceof Status.Unavailable && !isPublished(link)
        ? new Status.Unpublished()
        : status;
  }

  private boolean isPublished(Link link) {
    return !link.ocspPlaces(keychain).isEmpty() || !link.crlPlaces(keychain).isEmpty();
  }

  /// {@return the answer without asking anybody}
  public Finding offline() {
    return concluded(link -> new Checked(known(link), List.of()));
  }

  /// {@return the answer}
  ///
  /// @param checking finds out about one certificate
  Finding concluded(Function<Link, Checked> checking) {
    List<String> lines = new ArrayList<>();
    for (Link link : path) {
      Checked checked = checking.apply(link);
      boolean mute =
          checked.status() instanceof Status.Unpublished && policy == Revocation.IF_KNOWN;
      if (!mute) {
        lines.add(
            "checking certificate status of \"%s\"".formatted(new Subject(link.certificate())));
        lines.addAll(checked.lines());
        lines.add(checked.status().toString());
      }
      Optional<String> objection = objection(link, checked.status());
      if (objection.isPresent()) {
        return new Finding(lines, objection);
      }
    }
    return new Finding(lines, Optional.empty());
  }

  private Optional<String> objection(Link link, Status status) {
    boolean accepted =
        switch (status) {
          case Status.Good _ -> true;
          case Status.Revoked _ -> false;
          case Status.Stale _, Status.Unavailable _, Status.Unpublished _ ->
              switch (policy) {
                case IF_KNOWN -> true;
                case IF_URI -> !isPublished(link);
                case REQUIRED -> false;
              };
        };
    return accepted
        ? Optional.empty()
        : Optional.of(
            "certificate '%s', issued by '%s', is not trusted: %s"
                .formatted(new Subject(link.certificate()), new Subject(link.issuer()), status));
  }
}
