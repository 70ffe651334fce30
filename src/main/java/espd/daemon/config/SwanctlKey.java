package espd.daemon.config;

import static espd.daemon.config.Handling.applied;
import static espd.daemon.config.Handling.ignored;
import static espd.daemon.config.Handling.refused;

import java.util.List;
import java.util.Optional;

/// One key of a connection in `swanctl.conf` (strongSwan 5.9) and what becomes of it.
///
/// @param section that it stands in
/// @param name of the key
/// @param handling what becomes of it
record SwanctlKey(Section section, String name, Handling handling) {

  /// The sections of a connection.
  enum Section {
    /// `connections.NAME`.
    CONNECTION,
    /// `connections.NAME.local*` and `connections.NAME.remote*`.
    END,
    /// `cert*` and `cacert*` of an end.
    CERTIFICATE,
    /// `connections.NAME.children.NAME`.
    CHILD,
    /// `pools.NAME`.
    POOL,
    /// `authorities.NAME`.
    AUTHORITY
  }

  private static final String TOKENS = "tokens are not supported";
  private static final String ATTRIBUTES = "peers are told addresses and DNS servers only";
  private static final String MARKS = "policies for marked packets are not supported yet";
  private static final String XAUTH = "XAuth is not supported";
  private static final String VOLUME = "the random part is in proportion to rand_time's";

  private static final List<SwanctlKey> TABLE =
      List.of(
          conn("version", applied()),
          conn("local_addrs", applied()),
          conn("remote_addrs", applied()),
          conn("local_port", refused("IKE uses the ports 500 and 4500").unless("500")),
          conn("remote_port", refused("IKE uses the ports 500 and 4500").unless("500")),
          conn("proposals", applied()),
          conn("vips", applied()),
          conn("pools", applied()),
          conn("aggressive", applied()),
          conn("pull", ignored("it has no meaning for IKEv2").unless("yes")),
          conn("dscp", ignored("IKE packets have no DSCP").unless("000000")),
          conn("encap", applied()),
          conn("mobike", applied()),
          conn("dpd_delay", applied()),
          conn("dpd_timeout", applied()),
          conn("fragmentation", applied()),
          conn("childless", applied()),
          conn("session_resumption", applied()),
          conn("send_certreq", applied()),
          conn("send_cert", applied()),
          conn(
              "ocsp",
              ignored("OCSP is spoken with the authority, not with the peer").unless("never")),
          conn("ppk_id", applied()),
          conn("ppk_required", applied()),
          conn("keyingtries", applied()),
          conn("unique", applied()),
          conn("reauth_time", applied()),
          conn("rekey_time", applied()),
          conn("over_time", applied()),
          conn("rand_time", applied()),
          conn("if_id_in", refused("there is one interface for all").unless("0")),
          conn("if_id_out", refused("there is one interface for all").unless("0")),
          conn("mediation", refused("mediation is not supported").unless("no")),
          conn("mediated_by", refused("mediation is not supported")),
          conn("mediation_peer", refused("mediation is not supported")),
          end("auth", applied()),
          end("id", applied()),
          end("round", refused("a second authentication is not supported yet").unless("1")),
          end("certs", applied()),
          end("pubkeys", applied()),
          end("cacerts", applied()),
          end("ca_id", applied()),
          end("groups", refused("attribute certificates are not supported")),
          end("cert_policy", refused("policies of certificates are not looked at")),
          end("revocation", applied()),
          end("eap_id", applied()),
          end("aaa_id", applied()),
          end("xauth_id", refused(XAUTH)),
          certificate("file", applied()),
          certificate("handle", refused(TOKENS)),
          certificate("slot", refused(TOKENS)),
          certificate("module", refused(TOKENS)),
          child("esp_proposals", applied()),
          child("ah_proposals", refused("AH is not supported; write esp_proposals")),
          child("sha256_96", refused("the ICV has 128 bits (RFC 4868)").unless("no")),
          child("local_ts", applied()),
          child("remote_ts", applied()),
          child("rekey_time", applied()),
          child("life_time", applied()),
          child("rand_time", applied()),
          child("rekey_bytes", applied()),
          child("life_bytes", applied()),
          child("rand_bytes", ignored(VOLUME)),
          child("rekey_packets", applied()),
          child("life_packets", applied()),
          child("rand_packets", ignored(VOLUME)),
          child("updown", ignored("no script is run")),
          child("hostaccess", ignored("no firewall rules are made").unless("no")),
          child("mode", applied()),
          child("policies", refused("the policies are always installed").unless("yes")),
          child("policies_fwd_out", ignored("there are no forward policies").unless("no")),
          child("dpd_action", applied()),
          child(
              "close_action",
              ignored("a child that the peer closes is clear").unless("none", "clear")),
          child("start_action", applied()),
          child("ipcomp", applied()),
          child(
              "inactivity",
              ignored("an unused SA stays until its lifetime ends").unless("0s", "0")),
          child("reqid", applied()),
          child("priority", refused("narrower selectors go first").unless("0")),
          child("interface", refused("policies of one interface are not supported")),
          child("mark_in", refused(MARKS).unless("0", "0/0x00000000")),
          child("mark_in_sa", refused(MARKS).unless("no")),
          child("mark_out", refused(MARKS).unless("0", "0/0x00000000")),
          child("set_mark_in", refused(MARKS).unless("0", "0/0x00000000")),
          child("set_mark_out", refused(MARKS).unless("0", "0/0x00000000")),
          child("if_id_in", refused("there is one interface for all").unless("0")),
          child("if_id_out", refused("there is one interface for all").unless("0")),
          child("label", refused("security labels are not supported")),
          child("label_mode", refused("security labels are not supported").unless("system")),
          child("tfc_padding", applied()),
          child("replay_window", applied()),
          child("hw_offload", ignored("no hardware is used").unless("no", "auto")),
          child("copy_df", ignored("it concerns IPv4").unless("yes")),
          child("copy_ecn", refused("ECN is always copied (RFC 6040)").unless("yes")),
          child("copy_dscp", applied()),
          pool("addrs", applied()),
          pool("dns", applied()),
          pool("nbns", ignored(ATTRIBUTES)),
          pool("dhcp", ignored(ATTRIBUTES)),
          pool("netmask", ignored(ATTRIBUTES)),
          pool("server", ignored(ATTRIBUTES)),
          pool("subnet", ignored(ATTRIBUTES)),
          pool("split_include", ignored(ATTRIBUTES)),
          pool("split_exclude", ignored(ATTRIBUTES)),
          authority("cacert", applied()),
          authority("file", applied()),
          authority("handle", refused(TOKENS)),
          authority("slot", refused(TOKENS)),
          authority("module", refused(TOKENS)),
          authority("crl_uris", applied()),
          authority("ocsp_uris", applied()),
          authority("cert_uri_base", ignored("certificates are sent, not their places")));

  private static SwanctlKey conn(String name, Handling handling) {
    return new SwanctlKey(Section.CONNECTION, name, handling);
  }

  private static SwanctlKey end(String name, Handling handling) {
    return new SwanctlKey(Section.END, name, handling);
  }

  private static SwanctlKey certificate(String name, Handling handling) {
    return new SwanctlKey(Section.CERTIFICATE, name, handling);
  }

  private static SwanctlKey pool(String name, Handling handling) {
    return new SwanctlKey(Section.POOL, name, handling);
  }

  private static SwanctlKey authority(String name, Handling handling) {
    return new SwanctlKey(Section.AUTHORITY, name, handling);
  }

  private static SwanctlKey child(String name, Handling handling) {
    return new SwanctlKey(Section.CHILD, name, handling);
  }

  /// Says of each key in a section that is not applied why, and what could stand there instead.
  static void report(Section section, SwanctlKeys keys, Findings findings) {
    for (String name : keys.keys()) {
      Optional<SwanctlKey> known =
          TABLE.stream().filter(k -> k.section == section && k.name.equals(name)).findFirst();
      Optional<Value> value = keys.value(name);
      if (known.isEmpty()) {
        findings.problem(keys.place(name), keys.unknown(name), "a key of swanctl.conf(5)");
      } else if (value.isPresent() && known.get().handling.concerns(value.get())) {
        known.get().handling.report(keys.place(name), keys.shown(name, value.get()), findings);
      }
    }
  }
}
