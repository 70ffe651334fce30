package espd.ike.pki;

import espd.ike.pki.Answers.Answer;
import espd.ike.pki.Answers.Bounds;
import espd.ike.pki.Fetcher.Errand;
import espd.ike.pki.Fetcher.Question;
import espd.ike.pki.Inquiry.Checked;
import espd.ike.pki.Inquiry.Finding;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CRLException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks authorities over the network whether certificates are revoked: by OCSP first (RFC 6960),
/// and where that tells nothing by CRLs (RFC 5280 §6.3), as strongSwan does.
///
/// An [Inquiry] is only about certificates of a verified path, so nobody but an authority that we
/// trust chooses where we connect to; schemes are `http` and `https`, and no redirection is
/// followed. What it costs is bounded: threads, inquiries that wait, the octets and the time of an
/// answer, the time of an inquiry, and what is kept. An answer counts only when it is signed by the
/// authority; it is kept while it holds, and that there was none for half a minute.
///
/// For any thread. While an inquiry waits, perhaps for packets that themselves need an IKE SA, its
/// own IKE SA waits and no other.
public final class AskedAuthorities implements Revocations, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AskedAuthorities.class);

  /// For one answer, as strongSwan has it.
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /// For all questions about one peer. After it nothing more is asked.
  static final Duration WHOLE = Duration.ofSeconds(20);

  /// As long a place that gave no answer is not asked again.
  static final Duration SILENCE = Duration.ofSeconds(30);

  private static final int MOST_CRL_OCTETS = 8 << 20;
  private static final int MOST_OCSP_OCTETS = 64 << 10;
  private static final int AT_A_TIME = 64;
  private static final int WAITING = 1024;

  private final Fetcher fetcher;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Answers<Asked, Status> ocsp;
  private final Answers<Asked, X509CRL> crls;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          AT_A_TIME,
          AT_A_TIME,
          PATIENCE.toSeconds(),
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING),
          Thread.ofVirtual().name("revocation-", 0).factory());

  /// @param certificate that was asked about by OCSP; the issuer of a CRL
  private record Asked(URI place, X509Certificate certificate) {}

  /// @param fetcher speaks HTTP
  /// @param clock tells the time
  /// @param random where nonces come from
  public AskedAuthorities(Fetcher fetcher, InstantSource clock, SecureRandom random) {
    this.fetcher = fetcher;
    this.clock = clock;
    this.random = random;
    this.ocsp = new Answers<>(new Bounds(4096, Long.MAX_VALUE), clock);
    this.crls = new Answers<>(new Bounds(64, 2 * MOST_CRL_OCTETS), clock);
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public CompletableFuture<Finding> settle(Inquiry inquiry) {
    Instant deadline = clock.instant().plus(WHOLE);
    try {
      return CompletableFuture.supplyAsync(
              () -> inquiry.concluded(link -> checked(inquiry, link, deadline)), threads)
          .exceptionally(
              fault -> {
                LOG.error("a fault of ours", fault);
                return inquiry.offline();
              });
    } catch (RejectedExecutionException e) {
      LOG.warn("too many certificates to be asked about at once: what is here counts");
      return CompletableFuture.completedFuture(inquiry.offline());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /// Forgets what was told, so that it is asked for anew.
  public void clear() {
    ocsp.clear();
    crls.clear();
  }

  /// {@return the CRLs that were fetched and hold}
  public List<X509CRL> fetchedCrls() {
    return crls.values();
  }

  private Checked checked(Inquiry inquiry, Link link, Instant deadline) {
    List<String> lines = new ArrayList<>();
    Status told = byOcsp(inquiry, link, deadline, lines);
    if (told.isKnown()) {
      return new Checked(told, lines);
    }
    Status listed = byCrl(inquiry, link, deadline, lines);
    return new Checked(listed.isKnown() || !(told instanceof Status.Stale) ? listed : told, lines);
  }

  private Status byOcsp(Inquiry inquiry, Link link, Instant deadline, List<String> lines) {
    Status best = new Status.Unavailable();
    List<URI> places = link.ocspPlaces(inquiry.keychain());
    for (URI place : places) {
      if (isLate(deadline, lines)) {
        return best;
      }
      Answer<Status> answer =
          ocsp.get(
              new Asked(place, link.certificate()),
              left(deadline),
              () -> ocsp(place, link, deadline));
      lines.addAll(answer.lines());
      best = answer.value().orElse(best);
      if (best.isKnown()) {
        return best;
      }
    }
    if (!places.isEmpty()) {
      lines.add("ocsp check failed, fallback to crl");
    }
    return best;
  }

  private Status byCrl(Inquiry inquiry, Link link, Instant deadline, List<String> lines) {
    List<X509CRL> known = new ArrayList<>(inquiry.keychain().crls());
    Status best = inquiry.known(link);
    for (URI place : link.crlPlaces(inquiry.keychain())) {
      if (best.isKnown() || isLate(deadline, lines)) {
        return best;
      }
      Answer<X509CRL> answer =
          crls.get(
              new Asked(place, link.issuer()), left(deadline), () -> crl(place, link, deadline));
      lines.addAll(answer.lines());
      answer.value().ifPresent(known::add);
      best = Crls.status(link, known, inquiry.now());
    }
    return best;
  }

  private Answer<Status> ocsp(URI place, Link link, Instant deadline) {
    List<String> lines = new ArrayList<>();
    lines.add("  requesting ocsp status from '%s' ...".formatted(place));
    OcspQuestion question = OcspQuestion.about(link, random);
    Errand errand =
        new Errand(
            place,
            Optional.of(new Question("application/ocsp-request", question.octets())),
            MOST_OCSP_OCTETS);
    try {
      byte[] octets = fetcher.fetch(errand, left(deadline));
      Instant now = clock.instant();
      OcspAnswer answer = OcspAnswer.of(octets, question, now);
      lines.add(
          "  ocsp response correctly signed by \"%s\"".formatted(new Subject(answer.signer())));
      lines.add(
          switch (answer.status()) {
            case Status.Good _, Status.Revoked _ ->
                "  ocsp response is valid: until " + answer.until();
            case Status.Stale(Instant since) -> "  ocsp response is stale: since " + since;
            case Status.Unavailable _, Status.Unpublished _ ->
                "  ocsp response says that the certificate is unknown";
          });
      Instant until = answer.status().isKnown() ? answer.until() : now.plus(SILENCE);
      String later = "  using cached ocsp response";
      return new Answer<>(Optional.of(answer.status()), lines, later, until, octets.length);
    } catch (IOException | GeneralSecurityException e) {
      return none("  ocsp request to '%s' failed: %s".formatted(place, e.getMessage()), lines);
    }
  }

  private Answer<X509CRL> crl(URI place, Link link, Instant deadline) {
    List<String> lines = new ArrayList<>();
    lines.add("  fetching crl from '%s' ...".formatted(place));
    try {
      byte[] octets =
          fetcher.fetch(new Errand(place, Optional.empty(), MOST_CRL_OCTETS), left(deadline));
      X509CRL crl = Crls.read(octets);
      String issuer = new Subject(link.issuer()).toString();
      if (!Crls.isOf(link, crl)) {
        throw new CRLException("crl is not signed by \"%s\"".formatted(issuer));
      }
      Instant now = clock.instant();
      Optional<Instant> stale = Crls.staleSince(crl, now);
      lines.add("  crl correctly signed by \"%s\"".formatted(issuer));
      lines.add(
          stale
              .map(since -> "  crl is stale: since " + since)
              .orElse("  crl is valid: until " + Crls.end(crl).map(Instant::toString).orElse("?")));
      Instant until =
          Crls.end(crl).filter(end -> stale.isEmpty()).orElseGet(() -> now.plus(SILENCE));
      return new Answer<>(Optional.of(crl), lines, "  using cached crl", until, octets.length);
    } catch (IOException | GeneralSecurityException e) {
      return none("  crl fetching from '%s' failed: %s".formatted(place, e.getMessage()), lines);
    }
  }

  private boolean isLate(Instant deadline, List<String> lines) {
    if (left(deadline).isPositive()) {
      return false;
    }
    lines.add("  no more is asked: %d s are over".formatted(WHOLE.toSeconds()));
    return true;
  }

  private Duration left(Instant deadline) {
    Duration left = Duration.between(clock.instant(), deadline);
    return left.compareTo(PATIENCE) < 0 ? left : PATIENCE;
  }

  private <V> Answer<V> none(String line, List<String> before) {
    List<String> lines = new ArrayList<>(before);
    lines.add(line);
    return new Answer<>(Optional.empty(), lines, line, clock.instant().plus(SILENCE), 0);
  }
}
