package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.IkeSa;
import java.util.Optional;

/// Which SAs a command means: those that everything fits which it names.
///
/// @param ike the name of the IKE SA
/// @param ikeId its number, the n of `NAME[n]`
/// @param child the name of the Child SA
/// @param childId its number, the n of `NAME{n}`
public record SaFilter(
    Optional<String> ike,
    Optional<String> ikeId,
    Optional<String> child,
    Optional<String> childId) {

  /// {@return what a request of vici names}
  static SaFilter of(Section request) {
    return new SaFilter(
        request.text("ike"),
        request.text("ike-id").or(() -> request.text("ike_id")),
        request.text("child"),
        request.text("child-id").or(() -> request.text("child_id")));
  }

  /// {@return whether it names anything}
  boolean namesSomething() {
    return ike.isPresent() || ikeId.isPresent() || namesChild();
  }

  /// {@return whether it names a Child SA}
  public boolean namesChild() {
    return child.isPresent() || childId.isPresent();
  }

  /// {@return whether a connection's name fits}
  boolean fits(String connection) {
    ConnectionName name = ConnectionName.of(connection);
    return ike.map(name::isIke).orElse(true) && child.map(name::isChild).orElse(true);
  }

  /// {@return whether an IKE SA fits, whatever Child SAs it has}
  ///
  /// @param connection its connection
  /// @param id its number
  public boolean fitsIkeSa(String connection, int id) {
    return ike.map(ConnectionName.of(connection)::isIke).orElse(true)
        && ikeId.map(("" + id)::equals).orElse(true);
  }

  /// {@return whether a Child SA fits}
  ///
  /// @param connection its connection
  /// @param id its number
  /// @param ike the number of its IKE SA
  public boolean fitsChildSa(String connection, int id, int ike) {
    return fits(connection)
        && childId.map(("" + id)::equals).orElse(true)
        && ikeId.map(("" + ike)::equals).orElse(true);
  }

  /// {@return whether an IKE SA fits, or has a Child SA that does where one is named}
  boolean fits(IkeSa ikeSa) {
    return namesChild()
        ? ikeSa.children().stream().anyMatch(child -> fits(ikeSa, child))
        : fitsIkeSa(ikeSa.connection(), ikeSa.id());
  }

  /// {@return whether a Child SA fits}
  boolean fits(IkeSa ikeSa, ChildSa child) {
    return fitsChildSa(child.connection(), child.id(), ikeSa.id());
  }
}
