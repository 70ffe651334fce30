package espd.ike.v1.message;

import espd.ike.message.Bytes;
import java.util.Arrays;
import java.util.Optional;

/// Vendor IDs whose meaning is known (RFC 2408 §3.16). Those that carry a version are known by
/// their beginning.
public enum Vendor {
  /// NAT traversal as in RFC 3947 §3.1.
  NAT_TRAVERSAL("4a131c81070358455c5728f20e95452f", "NAT-T (RFC 3947)"),
  /// NAT traversal's second draft, as its text has it.
  NAT_TRAVERSAL_02("cd60464335df21f87cfdb2fc68b6a448", "draft-ietf-ipsec-nat-t-ike-02"),
  /// NAT traversal's second draft, with the newline that many hash too.
  NAT_TRAVERSAL_02N("90cb80913ebb696e086381b5ec427b1f", "draft-ietf-ipsec-nat-t-ike-02\\n"),
  /// NAT traversal's third draft.
  NAT_TRAVERSAL_03("7d9419a65310ca6f2c179d9215529d56", "draft-ietf-ipsec-nat-t-ike-03"),
  /// NAT traversal's first draft.
  NAT_TRAVERSAL_00("4485152d18b6bbcd0be8a8469579ddcc", "draft-ietf-ipsec-nat-t-ike-00"),
  /// Dead peer detection (RFC 3706 §5.1), version 1.0; a prefix, the last two octets its version.
  DEAD_PEER_DETECTION("afcad71368a1f1c96b8696fc77570100", "DPD"),
  /// Fragmentation of IKEv1's messages; a prefix, a bit field follows.
  FRAGMENTATION("4048b7d56ebce88525e7de7f00d6c2d3", "FRAGMENTATION"),
  /// Extended authentication.
  XAUTH("09002689dfd6b712", "XAuth"),
  /// Cisco's Unity; a prefix, a version follows.
  CISCO_UNITY("12f5f28c457168a9702d9fe274cc", "Cisco Unity"),
  /// strongSwan.
  STRONGSWAN("882fe56d6fd20dbc2251613b2ebe5beb", "strongSwan"),
  /// KAME's racoon.
  KAME("7003cbc1097dbe9c2600ba6983bc8b35", "KAME/racoon"),
  /// Microsoft; a prefix, a version follows.
  MICROSOFT("1e2b516905991c7d7c96fcbfb587e461", "MS NT5 ISAKMPOAKLEY");

  private final String hex;
  private final String text;

  Vendor(String hex, String text) {
    this.hex = hex;
    this.text = text;
  }

  /// {@return the payload that says so}
  public VendorId payload() {
    return new VendorId(Bytes.ofHex(hex));
  }

  /// {@return the vendor of a payload, if we know it}
  public static Optional<Vendor> of(VendorId payload) {
    String data = payload.data().toString();
    return Arrays.stream(values()).filter(vendor -> data.startsWith(vendor.hex)).findFirst();
  }

  /// {@return the name as strongSwan logs it: `received NAT-T (RFC 3947) vendor ID`}
  @Override
  public String toString() {
    return text;
  }
}
