package espd.dataplane;

import java.util.Locale;

/// Why a packet went no further. The constants are the metric: each is counted for each direction,
/// and there is no other way out of the data plane than one of these, or being sent.
public enum DropReason {
  /// The packet is neither of IPv6 (RFC 8200 §3) nor of IPv4 (RFC 791 §3.1).
  NOT_IP("not an IP packet", "RFC 8200 §3", Log.SILENT),
  /// A length or a header leads beyond the packet's end (RFC 8200 §4).
  MALFORMED_HEADERS("a header leads beyond the packet's end", "RFC 8200 §4", Log.SILENT),
  /// The policy says so (RFC 4301 §4.4.1).
  POLICY_DISCARD("the policy discards it", "RFC 4301 §4.4.1", Log.AUDITED),
  /// A packet of link-local scope does not leave its link, which is the TUN device itself: what a
  /// host says on every interface, such as multicast listener reports (RFC 4291 §2.5.6, §2.7). Nor
  /// does one arrive: a peer is no router on a link of ours (RFC 4861 §6.1.2).
  LINK_SCOPED("of link-local scope", "RFC 4291 §2.5.6", Log.SILENT),
  /// Other packets already wait for the SA (RFC 4301 §5.1 step 3a allows dropping).
  HELD_OVERFLOW("too many packets wait for an SA", "RFC 4301 §5.1 step 3a", Log.SILENT),
  /// No SA came in time (RFC 4301 §5.1 step 3a).
  HELD_TOO_LONG("no SA came in time", "RFC 4301 §5.1 step 3a", Log.SILENT),
  /// IKE said that no SA will come (RFC 4301 §5.1 step 3a).
  NO_SA_COMES("no SA could be negotiated", "RFC 4301 §5.1 step 3a", Log.SILENT),
  /// With ESP around it the packet would not fit the path; its sender was told (RFC 4301 §8.2.1).
  TOO_BIG("longer than the path takes with ESP around it", "RFC 4301 §8.2.1", Log.SILENT),
  /// A fragment whose ports nobody knows, and that must not leave in the clear (RFC 4301 §7.4).
  FRAGMENT_WITHOUT_FIRST("a fragment whose first one was not seen", "RFC 4301 §7.4", Log.AUDITED),
  /// A fragment that overlaps another of its datagram: both are given up (RFC 5722 §4).
  FRAGMENT_OVERLAP("a fragment that overlaps another", "RFC 5722 §4", Log.AUDITED),
  /// A fragment that was there already (RFC 8200 §4.5).
  FRAGMENT_DUPLICATE("a fragment that was there already", "RFC 8200 §4.5", Log.SILENT),
  /// A datagram whose fragments did not all come in time, or had to make room for another's (RFC
  /// 8200 §4.5).
  FRAGMENTS_MISSING("a datagram whose fragments did not all come", "RFC 8200 §4.5", Log.SILENT),
  /// A datagram of UDP has no room for extension headers before ESP (RFC 3948 §3.1).
  EXTENSION_NOT_IN_UDP(
      "extension headers that UDP encapsulation cannot carry", "RFC 3948 §3.1", Log.SILENT),
  /// The SA has used up its sequence numbers and has stopped (RFC 4303 §3.3.3).
  SEQUENCE_OVERFLOW("the SA's sequence numbers are used up", "RFC 4303 §3.3.3", Log.AUDITED),
  /// The SA has carried all the octets or packets it may (RFC 4301 §4.4.2.1).
  LIFETIME_ENDED("the SA has carried all it may", "RFC 4301 §4.4.2.1", Log.AUDITED),
  /// The engine lacks the SA's algorithms, or its keys are wiped already (RFC 4301 §4.4.2).
  NO_CIPHER("no cipher for the SA", "RFC 4301 §4.4.2", Log.AUDITED),
  /// The host did not send it: too long for the link, or no route.
  UNDERLAY_REFUSED("refused by the outer network", "", Log.SILENT),
  /// The host did not take it from the TUN device.
  TUN_REFUSED("refused by the TUN device", "", Log.SILENT),
  /// A NAT keepalive, which has served its purpose (RFC 3948 §2.3).
  KEEPALIVE("a NAT keepalive", "RFC 3948 §2.3", Log.SILENT),
  /// Too short for ESP, or its encrypted part is no whole number of blocks (RFC 4303 §2).
  MALFORMED_ESP("not the length of an ESP packet", "RFC 4303 §2", Log.SILENT),
  /// There is no SA of this SPI (RFC 4303 §3.4.2).
  UNKNOWN_SPI("no SA has this SPI", "RFC 4303 §3.4.2", Log.AUDITED),
  /// The SA of this SPI is one of another of our addresses (RFC 4303 §3.4.2).
  WRONG_DESTINATION("the SPI belongs to another address", "RFC 4303 §3.4.2", Log.AUDITED),
  /// Its sequence number was seen already or is too old (RFC 4303 §3.4.3).
  REPLAYED("seen already or too old", "RFC 4303 §3.4.3", Log.AUDITED),
  /// Its ICV is wrong (RFC 4303 §3.4.4).
  BAD_ICV("the ICV is wrong", "RFC 4303 §3.4.4", Log.AUDITED),
  /// Its padding is not 1, 2, 3, … or longer than the packet (RFC 4303 §2.4).
  BAD_PADDING("the padding is wrong", "RFC 4303 §2.4", Log.AUDITED),
  /// A dummy packet, made to confuse listeners (RFC 4303 §2.6).
  DUMMY("a dummy packet", "RFC 4303 §2.6", Log.SILENT),
  /// What is compressed is no DEFLATE, or not all of it (RFC 2394 §2.2).
  MALFORMED_IPCOMP("compressed, and cannot be expanded", "RFC 2394 §2.2", Log.AUDITED),
  /// What is compressed is longer than any packet (RFC 8200 §3).
  EXPANDED_TOO_LONG("compressed, and longer than any packet", "RFC 8200 §3", Log.AUDITED),
  /// The compression parameter index is not the one that this end chose (RFC 3173 §3.3).
  UNKNOWN_CPI("compressed under a CPI that is not its SA's", "RFC 3173 §3.3", Log.AUDITED),
  /// What a tunnel carried is not IPv6 (RFC 4303 §3.4.4.1).
  NOT_TUNNELLED("not an IP packet inside a tunnel", "RFC 4303 §3.4.4.1", Log.AUDITED),
  /// The outer network reports congestion and the inner packet cannot (RFC 6040 §4.2).
  CONGESTION("marked as congested, and unable to say so", "RFC 6040 §4.2", Log.SILENT),
  /// The packet inside is not one that its SA is for (RFC 4301 §5.2 step 4).
  NOT_SELECTED("not selected by its SA", "RFC 4301 §5.2 step 4", Log.AUDITED);

  private enum Log {
    SILENT,
    AUDITED
  }

  private final String sentence;
  private final String section;
  private final Log log;

  DropReason(String sentence, String section, Log log) {
    this.sentence = sentence;
    this.section = section;
    this.log = log;
  }

  /// {@return the reason in words, for people}
  public String sentence() {
    return sentence;
  }

  /// {@return the section that says so, as `RFC 4301 §4.4.1`; empty where it is the host's doing}
  public String section() {
    return section;
  }

  /// {@return its name as a label of metrics: `snake_case`}
  public String metricName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// {@return whether it is an event that an administrator may want to read of (RFC 4303 §4)}
  public boolean isAudited() {
    return log == Log.AUDITED;
  }
}
