package espd.daemon.doctor;

import espd.spd.Ipv6Address;
import espd.tun.HostTrial.Path;
import java.util.List;

/// Whether there is a way to the peer of a connection, from the address that the connection names,
/// and how much it takes at once.
///
/// @param connection its name
/// @param local our address as configured
/// @param path as the host knows it
/// @param needed the octets of an ESP packet around one of 1280
record PathCheck(String connection, Ipv6Address local, Tried<Path> path, int needed)
    implements Check {

  /// {@return why ESP is cut on a link or path that is shorter than `needed`}
  static String narrow(String what, int needed) {
    return what
        + " is below the "
        + needed
        + " octets of ESP around a packet of 1280, which every host may send: espd cuts those ESP"
        + " packets in two, which costs a packet more for each, and many firewalls drop fragments";
  }

  @Override
  public List<Finding> findings() {
    String subject = "path " + connection;
    return List.of(
        switch (path) {
          case Tried.Done<Path>(Path known) -> finding(subject, known);
          case Tried.Refused<Path>(var why) -> Finding.refused(Finding.Level.FAIL, subject, why);
        });
  }

  private Finding finding(String subject, Path known) {
    String way = known.local() + " to " + known.remote();
    if (!known.local().equals(local)) {
      return Finding.warn(
          subject,
          "the host goes from " + way + ", the connection from " + local,
          "see that the peer expects it: ip -6 route get " + known.remote());
    }
    if (known.mtuOctets() < needed) {
      return Finding.warn(
          subject,
          narrow("its MTU of " + known.mtuOctets() + " (" + way + ")", needed),
          "raise it where the narrow link is: tracepath -n " + known.remote() + " finds it");
    }
    return Finding.ok(subject, "MTU " + known.mtuOctets() + ", " + way);
  }
}
