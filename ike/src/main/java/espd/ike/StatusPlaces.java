package espd.ike;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where an authority tells which of its certificates it has revoked, besides the places that the
/// certificates name themselves.
///
/// @param authority whose certificates they are
/// @param crls where its CRLs are to be had
/// @param ocsp where it answers questions about one certificate (RFC 6960)
public record StatusPlaces(X509Certificate authority, List<URI> crls, List<URI> ocsp) {

  private static final int MOST_CHARACTERS = 1024;

  /// Copies the lists.
  public StatusPlaces {
    crls = List.copyOf(crls);
    ocsp = List.copyOf(ocsp);
  }

  /// {@return the place that a text names, if it is one that is asked: of `http` or `https`}
  public static Optional<URI> fetched(String text) {
    if (text.length() > MOST_CHARACTERS) {
      return Optional.empty();
    }
    try {
      return Optional.of(new URI(text)).filter(StatusPlaces::isFetched);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static boolean isFetched(URI uri) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && uri.getHost() != null
        && uri.getUserInfo() == null;
  }
}
