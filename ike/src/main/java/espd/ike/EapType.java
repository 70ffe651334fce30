package espd.ike;

/// The methods of EAP that we have, in the order in which a server of ours offers them.
public enum EapType {
  /// Microsoft's challenge and response by password (draft-kamath-pppext-eap-mschapv2, RFC 2759).
  MSCHAPV2(26, "MSCHAPV2"),
  /// Certificates at both ends (RFC 5216, RFC 9190).
  TLS(13, "TLS");

  private final int number;
  private final String label;

  EapType(int number, String label) {
    this.number = number;
    this.label = label;
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
