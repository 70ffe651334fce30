package espd.tun;

import espd.spd.Spd;
import java.io.IOException;

/// The host's packet filter as espd changes it: what arrives from the outer network in the clear,
/// though the SPD says that it must be protected or discarded, is dropped before it reaches a
/// socket or is forwarded (RFC 4301 §5.2).
///
/// Never dropped are what came through the TUN device, for that was protected; the host's own
/// packets to itself; the outer packets of IPsec itself ([AlwaysAdmitted]); and what holds the link
/// together (Neighbor Discovery, RFC 4861; Multicast Listener Discovery, RFC 3810; packets between
/// link-local addresses), which the TUN device never sees.
///
/// All that is put into the host is taken out by [#close()]; what a killed daemon left behind stays
/// in force until it is replaced at the next start. Any thread.
public interface InboundFilter extends AutoCloseable {

  /// {@return the name of the table of nftables that a daemon with this TUN device has}
  static String table(String device) {
    return FilterScript.table(device);
  }

  /// Has packets from the outer network treated as the inbound policies of the SPD say; in force
  /// when it returns. What no policy selects passes. It costs by what has changed since the last
  /// call.
  ///
  /// @throws IOException with the host's words when it refuses; the policies followed last are
  ///   still in force then
  void follow(Spd spd) throws IOException;

  /// {@return how many packets it has dropped since it was opened}
  ///
  /// @throws IOException when the host does not tell, as when somebody took the filter out: the
  ///   next [#follow] puts it back
  long dropped() throws IOException;

  /// {@return where people find it, as `nftables table ip6 espd_espd0`}
  String place();

  /// Takes the filter out.
  @Override
  void close();
}
