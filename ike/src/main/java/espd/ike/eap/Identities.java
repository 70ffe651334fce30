package espd.ike.eap;

import espd.ike.Printable;
import espd.ike.message.Bytes;
import java.nio.charset.StandardCharsets;

/// What an identity of EAP looks like to people: text of the peer's choosing (RFC 3748 §5.1).
public final class Identities {

  private static final int MAX_CHARACTERS = 253;

  private Identities() {}

  /// {@return the identity as text, without what could disturb a terminal or a log}
  public static String text(Bytes identity) {
    String text = new String(identity.toArray(), StandardCharsets.UTF_8);
    String printable = Printable.of(text).replace('\uFFFD', '?');
    return printable.substring(0, Math.min(printable.length(), MAX_CHARACTERS));
  }

  /// {@return the octets of an identity as files write it}
  public static Bytes octets(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
