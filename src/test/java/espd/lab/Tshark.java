package espd.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Wireshark's judgement of captured ESP.
public final class Tshark {

  private static final Map<String, String> CIPHERS =
      Map.of(
          "", "NULL",
          "3des-cbc", "TripleDES-CBC [RFC2451]",
          "aes-cbc", "AES-CBC [RFC3602]",
          "aes-gcm-16", "AES-GCM with 16 octet ICV [RFC4106]");

  private static final Map<String, String> AUTHENTICATORS =
      Map.of(
          "", "NULL",
          "hmac-md5", "HMAC-MD5-96 [RFC2403]",
          "hmac-sha1", "HMAC-SHA-1-96 [RFC2404]",
          "hmac-sha256", "HMAC-SHA-256-128 [RFC4868]",
          "hmac-sha384", "HMAC-SHA-384-192 [RFC4868]",
          "hmac-sha512", "HMAC-SHA-512-256 [RFC4868]");

  /// What Wireshark says of one ESP packet.
  ///
  /// @param spi as `0x%08x`
  /// @param sequence of the packet
  /// @param icvGood whether the ICV is that of the key
  /// @param protocols all that it found, outermost first, such as `eth:ethertype:ipv6:esp:icmpv6`
  public record Verdict(String spi, long sequence, boolean icvGood, String protocols) {}

  private Tshark() {}

  /// {@return its judgement of each ESP packet of a capture}
  ///
  /// @param sas with their keys
  public static List<Verdict> judge(Path capture, List<SadEntry> sas) {
    List<String> words = new ArrayList<>(List.of("tshark", "-r", capture.toString(), "-Y", "esp"));
    words.addAll(List.of("-o", "esp.enable_encryption_decode:TRUE"));
    words.addAll(List.of("-o", "esp.enable_authentication_check:TRUE"));
    words.addAll(List.of("-T", "fields", "-e", "esp.spi", "-e", "esp.sequence"));
    words.addAll(List.of("-e", "esp.icv_good", "-e", "frame.protocols"));
    for (SadEntry sa : sas) {
      words.addAll(List.of("-o", "uat:esp_sa:" + line(sa)));
    }
    return Running.run(words)
        .succeeded()
        .out()
        .lines()
        .map(line -> List.of(line.split("\t", -1)))
        .map(
            fields ->
                new Verdict(
                    fields.get(0),
                    Long.parseLong(fields.get(1)),
                    fields.get(2).matches("1|True"),
                    fields.get(3)))
        .toList();
  }

  private static String line(SadEntry sa) {
    String key = sa.authenticatorKey().isEmpty() ? "" : "0x" + sa.authenticatorKey();
    List<String> columns =
        List.of(
            "IPv6",
            sa.from(),
            sa.to(),
            sa.spi(),
            CIPHERS.getOrDefault(sa.cipher(), sa.cipher()),
            "0x" + sa.cipherKey(),
            AUTHENTICATORS.getOrDefault(sa.authenticator(), sa.authenticator()),
            key);
    return "\"" + String.join("\",\"", columns) + "\"";
  }
}
