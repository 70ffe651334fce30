package espd.daemon.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// [FilesFuzz] for a moment over something new.
class FilesFuzzTest {

  private static final int ROUNDS = 3_000;

  private static final List<String> SEEDS =
      List.of(
          """
          version 2.0
          config setup
              plutodebug="control parsing"
          conn %default
              authby=secret
          conn net
              also=more
              left=2001:db8:1:1::1
              right=%any
              ike=aes128-sha1-modp2048!
              lifetime=8h
              auto=add
          conn more
              keyexchange=ikev1
              dpdaction=restart
          """,
          """
          2001:db8:1:1::1 @east : PSK "verysecret"
          : RSA east.pem "pass"
          %any : EAP 0x6162
          """,
          """
          connections { gw { version = 2
            local_addrs = 2001:db8:1:1::1
            local { auth = psk } remote { auth = pubkey
              id = "C=CH, CN=b" }
            children { net { esp_proposals = aes128gcm16
              start_action = trap } } } }
          secrets { ike-1 { id = a
            secret = "b" } }
          pools { p { addrs = 2001:db8:9::/64 } }
          """);

  /// The same each time, and something new each time, whose seed is printed.
  @Test
  void nothingButConfigExceptionComesOfChangedFiles() throws IOException {
    long fresh = Long.getLong("espd.fuzz.seed", new Random().nextLong());
    System.out.println("FilesFuzz: -Despd.fuzz.seed=" + fresh);
    for (long seed : new long[] {1, fresh}) {
      Random random = new Random(seed);
      for (int i = 0; i < ROUNDS; i++) {
        String whole = SEEDS.get(random.nextInt(SEEDS.size()));
        byte[] text = whole.getBytes(StandardCharsets.UTF_8);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
          text[random.nextInt(text.length)] = (byte) random.nextInt();
        }
        FilesFuzz.fuzzerTestOneInput(text);
      }
    }
  }
}
