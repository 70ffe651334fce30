package espd.daemon.racoon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.config.ConfigException;
import espd.daemon.config.Findings;
import espd.daemon.config.Source;
import java.nio.file.Path;
import java.util.List;

/// A `racoon.conf` and what is found in it.
///
/// @param conf what was read
/// @param findings what is wrong with it, or has no effect
record RacoonText(RacoonConf conf, Findings findings) {

  /// The `remote` and the `sainfo` of the seed.
  static final String REMOTE =
      """
      remote 2001:db8:2:2::2
      {
        exchange_mode main;
        lifetime time 24 hour;
        proposal
        {
          encryption_algorithm 3des;
          hash_algorithm md5;
          authentication_method pre_shared_key;
          dh_group 2;
        }
      }
      """;

  static final String SAINFO =
      """
      sainfo address 2001:db8:1:1::1 any address 2001:db8:2:2::2 any
      {
        lifetime time 1 hour;
        encryption_algorithm 3des;
        authentication_algorithm hmac_md5;
        compression_algorithm deflate;
      }
      """;

  static RacoonText read(String text) {
    return read(Path.of("racoon.conf"), text);
  }

  static RacoonText read(Path file, String text) {
    Findings findings = new Findings();
    RacoonParser parser = new RacoonParser(findings);
    parser.read(new Source(file, text));
    return new RacoonText(parser.read(), findings);
  }

  /// {@return what is read of a text in which nothing is to be found}
  static RacoonConf clean(String text) throws ConfigException {
    RacoonText read = read(text);
    read.findings().throwProblems();
    assertEquals(List.of(), read.findings().warnings());
    return read.conf();
  }

  /// {@return the `remote` of the seed with a statement more}
  static String remoteWith(String statement) {
    return REMOTE.replace("exchange_mode main;\n", "exchange_mode main;\n  " + statement + "\n");
  }

  /// {@return the `sainfo` of the seed with a statement more}
  static String sainfoWith(String statement) {
    return SAINFO.replace("hour;\n", "hour;\n  " + statement + "\n");
  }
}
