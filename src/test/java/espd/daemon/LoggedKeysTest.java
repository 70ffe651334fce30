package espd.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.daemon.keys.KeyLog;
import espd.daemon.keys.Sas;
import espd.ike.driver.StandingKeys;
import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.Sadb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggedKeysTest {

  private static final EspSuite GCM = new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE);

  @Test
  void writesTheKeysOfEverySaThatComesUntilItIsClosed(@TempDir Path temporary) throws IOException {
    Path folder = temporary.resolve("keys");
    Sadb sadb = new Sadb(InstantSource.system(), new Random(1));
    try (LoggedKeys _ = LoggedKeys.open(folder, new KeyLog.Source(sadb, new StandingKeys()))) {
      sadb.install(Sas.outbound(1000, GCM));
      sadb.install(Sas.outbound(1000, GCM));
      sadb.install(Sas.inbound(2000, GCM));
    }
    sadb.install(Sas.inbound(3000, GCM));
    assertEquals(2, Files.readAllLines(folder.resolve("esp_sa")).size());
  }
}
