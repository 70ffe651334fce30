package espd.ike.pki;

import espd.ike.message.Bytes;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Gets what is published at a place of the network.
@FunctionalInterface
public interface Fetcher {

  /// What is wanted.
  ///
  /// @param uri of `http` or `https`
  /// @param question to be posted; without one it is only got
  /// @param mostOctets an answer longer than this is none
  record Errand(URI uri, Optional<Question> question, int mostOctets) {}

  /// What is posted.
  ///
  /// @param type its media type
  record Question(String type, Bytes octets) {}

  /// {@return the answer's octets; no redirection is followed}
  ///
  /// @param patience for all of it, the name's resolution and the last octet too
  /// @throws IOException when there is none in that time, with a reason for people
  byte[] fetch(Errand errand, Duration patience) throws IOException;
}
