package espd.ike.eap;

import java.util.Optional;
import java.util.stream.Stream;

/// The methods of EAP that we have, in the order in which a server of ours offers them.
public enum EapType {
  /// Microsoft's challenge and response by password (draft-kamath-pppext-eap-mschapv2, RFC 2759).
  MSCHAPV2(26, "MSCHAPV2"),
  /// Certificates at both ends (RFC 5216, RFC 9190).
  TLS(13, "TLS");

  /// Asks who the peer is (RFC 3748 §5.1).
  static final int IDENTITY = 1;

  /// Text for people (RFC 3748 §5.2).
  static final int NOTIFICATION = 2;

  /// The peer's wish for another method (RFC 3748 §5.3.1).
  static final int NAK = 3;

  private final int number;
  private final String label;

  EapType(int number, String label) {
    this.number = number;
    this.label = label;
  }

  /// {@return the method of a number, or nothing when we do not have it}
  static Optional<EapType> of(int number) {
    return Stream.of(values()).filter(type -> type.number == number).findAny();
  }

  /// {@return the number of IANA's registry of EAP method types}
  public int number() {
    return number;
  }

  /// {@return the name as strongSwan's log has it, with `EAP_` before it}
  public String label() {
    return "EAP_" + label;
  }
}
