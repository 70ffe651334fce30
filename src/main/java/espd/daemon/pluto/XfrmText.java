package espd.daemon.pluto;

import espd.spd.AddressRange;
import espd.spd.Direction;
import espd.spd.EspSuite;
import espd.spd.InboundSa;
import espd.spd.Integrity;
import espd.spd.Ipv6Address;
import espd.spd.KeyMaterial;
import espd.spd.Mode;
import espd.spd.OutboundSa;
import espd.spd.Processing;
import espd.spd.Sa;
import espd.spd.SaParameters;
import espd.spd.Selector;
import espd.spd.SpdEntry;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// SAs and policies as `ip xfrm state` and `ip xfrm policy` print them. There are keys in it.
final class XfrmText {

  private XfrmText() {}

  /// {@return the SAs}
  static String state(List<Sa> sad) {
    StringBuilder text = new StringBuilder();
    for (Sa sa : sad) {
      SaParameters parameters = sa.parameters();
      boolean out = sa.direction() == Direction.OUTBOUND;
      line(text, "src %s dst %s", from(parameters, out), from(parameters, !out));
      line(
          text,
          "\tproto esp spi 0x%08x reqid %d mode %s",
          sa.spi(),
          parameters.reqid(),
          name(parameters.mode()));
      line(text, "\treplay-window %d", parameters.replayWindow());
      keys(parameters, text);
      parameters
          .encapsulation()
          .filter(ports -> !ports.isStream())
          .ifPresent(
              ports ->
                  line(
                      text,
                      "\tencap type espinudp sport %d dport %d addr ::",
                      out ? ports.localPort() : ports.remotePort(),
                      out ? ports.remotePort() : ports.localPort()));
      line(
          text,
          "\tanti-replay context: seq 0x%x, oseq 0x%x, bitmap 0x%08x",
          sa instanceof InboundSa ? sa.sequence() : 0,
          sa instanceof OutboundSa ? sa.sequence() : 0,
          0);
    }
    return text.toString();
  }

  private static Object from(SaParameters parameters, boolean local) {
    return local ? parameters.local() : parameters.remote();
  }

  private static void keys(SaParameters parameters, StringBuilder text) {
    EspSuite suite = parameters.suite();
    String cipher =
        switch (suite.encryption().setkeyName()) {
          case "3des-cbc" -> "cbc(des3_ede)";
          case "aes-cbc" -> "cbc(aes)";
          case "null" -> "ecb(cipher_null)";
          case String name when name.contains("gcm") -> "rfc4106(gcm(aes))";
          case String name when name.contains("chacha") -> "rfc7539esp(chacha20,poly1305)";
          case String name -> name;
        };
    if (suite.integrity() == Integrity.NONE) {
      int bits = 8 * suite.icvOctets();
      line(text, "\taead %s 0x%s %d", cipher, hex(parameters.encryptionKey()), bits);
      return;
    }
    String hash = suite.integrity().setkeyName().replaceFirst("^hmac-", "");
    line(
        text,
        "\tauth-trunc hmac(%s) 0x%s %d",
        hash,
        hex(parameters.integrityKey()),
        8 * suite.icvOctets());
    line(text, "\tenc %s 0x%s", cipher, hex(parameters.encryptionKey()));
  }

  private static String hex(KeyMaterial key) {
    return key.use(HexFormat.of()::formatHex);
  }

  /// {@return the policies}
  static String policy(List<SpdEntry> spd) {
    StringBuilder text = new StringBuilder();
    for (SpdEntry entry : spd) {
      boolean out = entry.policy().direction() == Direction.OUTBOUND;
      Selector selector = entry.policy().selector();
      AddressRange from = out ? selector.local() : selector.remote();
      AddressRange to = out ? selector.remote() : selector.local();
      line(text, "src %s dst %s ", from, to);
      boolean discards = entry.policy().processing() instanceof Processing.Discard;
      line(
          text,
          "\tdir %s%s priority %d ",
          out ? "out" : "in",
          discards ? " action block" : "",
          entry.policy().priority());
      if (entry.policy().processing()
          instanceof Processing.Protect(Mode mode, var us, var them, int reqid)) {
        boolean tunnel = mode == Mode.TUNNEL;
        line(
            text,
            "\ttmpl src %s dst %s",
            tunnel ? (out ? us : them) : Ipv6Address.UNSPECIFIED,
            tunnel ? (out ? them : us) : Ipv6Address.UNSPECIFIED);
        line(text, "\t\tproto esp reqid %d mode %s", reqid, name(mode));
      }
    }
    return text.toString();
  }

  private static String name(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
  private static void line(StringBuilder text, String format, Object... values) {
    text.append(format.formatted(values)).append('\n');
  }
}
