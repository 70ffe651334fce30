package espd.daemon.control;

/// The two names that vici has for what is one connection here: `gw/net` is the Child SA `net` of
/// the IKE SA `gw`; a name without a slash is both.
///
/// @param full the connection's
/// @param ike what vici calls its IKE SA
/// @param child what vici calls its Child SA
public record ConnectionName(String full, String ike, String child) {

  /// {@return the names of a connection}
  public static ConnectionName of(String full) {
    int slash = full.indexOf('/');
    return slash < 0
        ? new ConnectionName(full, full, full)
        : new ConnectionName(full, full.substring(0, slash), full.substring(slash + 1));
  }

  /// {@return whether `name` means its IKE SA}
  public boolean isIke(String name) {
    return name.equals(ike) || name.equals(full);
  }

  /// {@return whether `name` means its Child SA}
  public boolean isChild(String name) {
    return name.equals(child) || name.equals(full);
  }
}
