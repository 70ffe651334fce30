package espd.ike.v1.exchange;

import espd.ike.Connection;
import espd.ike.IkeVersion;
import espd.ike.exchange.Actions;
import espd.ike.v1.message.IsakmpMessage;
import espd.ike.v1.message.Vendor;
import espd.ike.v1.message.VendorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What both ends can beyond the core, as their vendor IDs say (RFC 2408 §3.16).
///
/// @param natTraversal finds NATs and puts ESP into UDP (RFC 3947 §3.1)
/// @param deadPeerDetection answers whether it lives (RFC 3706 §5.1)
record Features(boolean natTraversal, boolean deadPeerDetection) {

  /// Nothing is known yet.
  static final Features NONE = new Features(false, false);

  /// {@return what we announce}
  static List<VendorId> announced(Connection connection) {
    List<VendorId> vendors = new ArrayList<>();
    vendors.add(Vendor.DEAD_PEER_DETECTION.payload());
    if (traverses(connection)) {
      vendors.add(Vendor.NAT_TRAVERSAL.payload());
    }
    return vendors;
  }

  /// {@return what the peer announces and we do too}
  static Features of(IsakmpMessage message, Connection connection, Actions actions) {
    List<Vendor> vendors = new ArrayList<>();
    for (VendorId payload : message.all(VendorId.class)) {
      Optional<Vendor> vendor = Vendor.of(payload);
      vendor.ifPresent(vendors::add);
      actions.progress(
          connection,
          vendor
              .map(v -> "received " + v + " vendor ID")
              .orElse("received unknown vendor ID: " + payload.data()));
    }
    return new Features(
        vendors.contains(Vendor.NAT_TRAVERSAL) && traverses(connection),
        vendors.contains(Vendor.DEAD_PEER_DETECTION));
  }

  private static boolean traverses(Connection connection) {
    return connection.version() instanceof IkeVersion.One one && one.natTraversal();
  }
}
