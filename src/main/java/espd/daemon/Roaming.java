package espd.daemon;

import espd.ike.driver.Ike;
import espd.ike.driver.Whereabouts;
import espd.spd.Ipv6Address;
import espd.tun.HostNetwork;
import espd.tun.LinuxUnderlay;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the addresses of this host: those that connections name get their sockets back when they
/// return, and IKE SAs that spoke from one that is gone move to another (RFC 4555).
final class Roaming implements Whereabouts {

  private static final Logger LOG = LoggerFactory.getLogger(Roaming.class);

  private final LinuxUnderlay underlay;
  private final HostNetwork network;
  private final Enforcement enforcement;
  private final Set<Ipv6Address> wanted;
  private volatile Set<Ipv6Address> here = Set.of();

  /// @param host whose addresses are followed
  /// @param enforcement lets ESP and IKE in wherever they arrive
  /// @param wanted the addresses of connections
  Roaming(Host host, Enforcement enforcement, Set<Ipv6Address> wanted) {
    this.underlay = host.underlay();
    this.network = host.network();
    this.enforcement = enforcement;
    this.wanted = Set.copyOf(wanted);
  }

  /// Looks anew. To be called about once a second.
  void look(Ike ike) {
    here = Set.copyOf(LocalAddresses.all());
    Set<Ipv6Address> listening = underlay.locals();
    wanted.stream()
        .filter(local -> here.contains(local) && !listening.contains(local))
        .forEach(this::listen);
    if (!listening.stream().allMatch(this::isHere)) {
      ike.roam(this);
    }
  }

  /// Those of a link say nothing without it, and are not looked for.
  @Override
  public boolean isHere(Ipv6Address local) {
    return local.isLinkLocal() || here.contains(local);
  }

  @Override
  public Optional<Ipv6Address> sourceTowards(Ipv6Address remote) {
    try {
      return Optional.of(network.localAddressFor(remote)).filter(this::isHere).filter(this::listen);
    } catch (IOException e) {
      LOG.debug("no way to {}: {}", remote, e.getMessage());
      return Optional.empty();
    }
  }

  private boolean listen(Ipv6Address local) {
    try {
      underlay.listen(local, this::isHere);
      enforcement.follow();
      return true;
    } catch (IOException e) {
      LOG.warn("cannot speak from {}: {}", local, e.getMessage());
      return false;
    }
  }
}
