package espd.daemon.doctor;

import espd.spd.Ipv6Address;
import java.util.List;

/// Whether the peer of a connection takes TCP connections for IKE and ESP (RFC 9329). It may be
/// that it does not run now, so nothing fails.
///
/// @param connection its name
/// @param remote the peer's address
/// @param port the peer's TCP port
/// @param trial of a connection
record StreamCheck(String connection, Ipv6Address remote, int port, Tried<Tried.Nothing> trial)
    implements Check {

  @Override
  public List<Finding> findings() {
    String subject = "tcp to " + connection;
    String peer = remote + "[" + port + "]";
    return List.of(
        switch (trial) {
          case Tried.Done<Tried.Nothing> _ -> Finding.ok(subject, peer + " takes connections");
          case Tried.Refused<Tried.Nothing>(var why) ->
              Finding.warn(
                  subject,
                  peer + ": " + why.refused(),
                  "see that the peer runs with listen-tcp=yes, and that firewalls let TCP port "
                      + port
                      + " pass");
        });
  }
}
