package espd.daemon;

import espd.ike.driver.Whereabouts;
import espd.spd.Ipv6Address;
import espd.tun.HostChanges;
import espd.tun.HostNetwork;
import espd.tun.LinuxUnderlay;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the addresses of this host: those that connections name get their sockets back when they
/// return, IKE SAs that spoke from one that is gone move to another, and peers are told of those
/// that there are besides (RFC 4555).
final class Roaming implements Whereabouts {

  private static final Logger LOG = LoggerFactory.getLogger(Roaming.class);

  private final LinuxUnderlay underlay;
  private final HostNetwork network;
  private final Enforcement enforcement;
  private final String tunnel;
  private final Set<Ipv6Address> wanted;
  private volatile LocalAddresses.Reach reach;

  /// @param host whose addresses are followed
  /// @param enforcement lets ESP and IKE in wherever they arrive
  /// @param wanted the addresses of connections
  Roaming(Host host, Enforcement enforcement, Set<Ipv6Address> wanted) {
    this.underlay = host.underlay();
    this.network = host.network();
    this.enforcement = enforcement;
    this.tunnel = host.tun().name();
    this.wanted = Set.copyOf(wanted);
    this.reach = LocalAddresses.reach(tunnel);
  }

  /// Has somebody look when the host says that something has changed. Where it does not say so, the
  /// look each second is all there is.
  ///
  /// @param look returns at once
  /// @return what ends it
  static AutoCloseable whenChanged(Runnable look) {
    try {
      return HostChanges.follow(look);
    } catch (IOException e) {
      LOG.warn("changes of addresses are seen within a second only: {}", e.getMessage());
      return () -> {};
    }
  }

  /// Looks anew. To be called when the host says that something has changed, and about once a
  /// second, for it may not say so.
  ///
  /// @param roam is called when IKE SAs may have to move, or peers to be told
  void look(Runnable roam) {
    LocalAddresses.Reach before = reach;
    reach = LocalAddresses.reach(tunnel);
    Set<Ipv6Address> listening = underlay.locals();
    wanted.stream()
        .filter(local -> reach.all().contains(local) && !listening.contains(local))
        .forEach(this::listen);
    if (!reach.equals(before) || !listening.stream().allMatch(this::isHere)) {
      roam.run();
    }
  }

  /// Those of a link say nothing without it, and are not looked for.
  @Override
  public boolean isHere(Ipv6Address local) {
    return local.isLinkLocal() || reach.linked().contains(local);
  }

  @Override
  public Optional<Ipv6Address> sourceTowards(Ipv6Address remote) {
    try {
      return Optional.of(network.localAddressFor(remote))
          .filter(local -> wanted.contains(local) || reach.outer().contains(local))
          .filter(this::isHere)
          .filter(this::listen);
    } catch (IOException e) {
      LOG.debug("no way to {}: {}", remote, e.getMessage());
      return Optional.empty();
    }
  }

  /// Unique local addresses are valid in networks of their own (RFC 4193).
  @Override
  public List<Ipv6Address> besides(Ipv6Address local) {
    return reach.outer().stream()
        .filter(address -> !address.equals(local))
        .filter(address -> isUniqueLocal(address) == isUniqueLocal(local))
        .filter(address -> underlay.locals().contains(address) || listen(address))
        .toList();
  }

  private static boolean isUniqueLocal(Ipv6Address address) {
    return address.high() >>> 57 == 0x7e;
  }

  private boolean listen(Ipv6Address local) {
    try {
      underlay.listen(local, address -> address.isLinkLocal() || reach.all().contains(address));
      enforcement.follow();
      return true;
    } catch (IOException e) {
      LOG.warn("cannot speak from {}: {}", local, e.getMessage());
      return false;
    }
  }
}
