package espd.lab;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Us on host a and strongSwan on host b, each with the certificate that is of its name in a [Pki].
///
/// @param pki has an `a` and a `b` when one of them starts
public record Certified(Lab lab, Pki pki) {

  /// Whom our certificate confirms.
  public static final String ID_A = "\"C=CH, O=Lab, CN=a\"";

  /// Whom strongSwan's certificate confirms.
  public static final String ID_B = "\"C=CH, O=Lab, CN=b\"";

  /// Starts us with an `ipsec.conf`.
  ///
  /// @param more lines of the connection `net`: how both ends prove themselves
  public Espd espd(String more) {
    pki.installIpsecD(lab.a());
    Path secrets = lab.a().directory().resolve("keys.secrets");
    Pki.write(secrets, ": PKCS8 a.pem\n");
    return Espd.start(
        lab,
        lab.a(),
        """
        left=%s
        leftcert=a.pem
        right=%s
        rightid=%s
        type=tunnel
        keyexchange=ikev2
        auto=add
        """
                .formatted(lab.a().address(), lab.b().address(), ID_B)
            + more,
        List.of(Espd.command("run", "--config", secrets.toString())));
  }

  /// Writes a `swanctl.conf` for us, and what we have into the folders beside it.
  ///
  /// @param text of it, with `@HERE@` and `@THERE@` where the addresses of the two belong
  /// @return the file
  public Path swanctl(String text) {
    Path folder = lab.a().directory();
    Pki.write(folder.resolve("x509ca/root.pem"), pki.text("root.crt"));
    Pki.write(folder.resolve("x509/a.pem"), pki.text("a.crt") + pki.text("between.crt"));
    Pki.write(folder.resolve("private/a.pem"), pki.text("a.key"));
    Path file = folder.resolve("swanctl.conf");
    Pki.write(
        file, text.replace("@HERE@", lab.a().address()).replace("@THERE@", lab.b().address()));
    return file;
  }

  /// Starts strongSwan.
  ///
  /// @param more of [Charon#start]'s settings: both ends prove themselves by their certificates
  ///   where nothing else is said
  public Charon charon(Map<String, String> more) {
    pki.installSwanctl(lab.b());
    Map<String, String> settings = new HashMap<>();
    settings.put("local", ID_B);
    settings.put("local_auth", "pubkey\ncerts = b.pem");
    settings.put("remote", ID_A);
    settings.put("remote_auth", "pubkey");
    settings.putAll(more);
    return Charon.start(lab, lab.b(), lab.a(), settings);
  }
}
