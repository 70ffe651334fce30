package espd.daemon;

import espd.ike.crypto.Role;
import espd.ike.driver.IkeSaView;
import espd.ike.driver.SaChange;
import espd.ike.driver.SaLine;
import espd.ike.driver.SaListener;
import espd.ike.driver.SaStage;
import espd.spd.Ipv6Address;
import espd.tun.HostNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives the host the addresses that peers assign to us, for as long as their IKE SAs last (RFC
/// 7296 §2.19), and passes on what it is told of. For IKE's thread, which goes on with the Child SA
/// only when its address is there: routes need it.
final class HostAddresses implements SaListener {

  private static final Logger LOG = LoggerFactory.getLogger(HostAddresses.class);

  private final HostNetwork host;
  private final SaListener next;

  /// One entry for each IKE SA that an address came with: two may have the same for a moment.
  private final List<Ipv6Address> held = new ArrayList<>();

  /// @param host gets the addresses
  /// @param next is told all that this is told
  HostAddresses(HostNetwork host, SaListener next) {
    this.host = host;
    this.next = next;
  }

  @Override
  public void changed(SaChange change) {
    switch (change) {
      case SaChange.IkeSaUp(var ikeSa) -> {
        held.addAll(assigned(ikeSa));
        follow(assigned(ikeSa));
      }
      case SaChange.IkeSaDown(var ikeSa) -> {
        assigned(ikeSa).forEach(held::remove);
        follow(assigned(ikeSa));
      }
      case SaChange.IkeSaRekeyed _,
          SaChange.ChildSaUp _,
          SaChange.ChildSaDown _,
          SaChange.ChildSaRekeyed _ -> {}
    }
    next.changed(change);
  }

  private static List<Ipv6Address> assigned(IkeSaView ikeSa) {
    return ikeSa.established().map(details -> details.assigned().local()).orElse(List.of());
  }

  private void follow(List<Ipv6Address> changed) {
    if (changed.isEmpty()) {
      return;
    }
    try {
      host.addresses(Set.copyOf(held));
    } catch (IOException e) {
      LOG.error("the host does not have the addresses it was assigned: {}", e.getMessage());
    }
  }

  @Override
  public void reached(SaStage stage) {
    next.reached(stage);
  }

  @Override
  public void said(SaLine line) {
    next.said(line);
  }

  @Override
  public void exchanged(String connection, String exchange, Role asker, String result) {
    next.exchanged(connection, exchange, asker, result);
  }
}
