package espd.ike;

import java.util.Set;

/// What a connection's IKE SA may do beyond the core of RFC 7296.
///
/// @param forceEncapsulation ESP in UDP 4500 even without a NAT
/// @param extensions what we announce
public record IkeOptions(boolean forceEncapsulation, Set<Extension> extensions) {

  /// Whatever needs no asking for.
  public static final IkeOptions DEFAULT = new IkeOptions(false, Set.of());

  /// Copies the set.
  public IkeOptions {
    extensions = Set.copyOf(extensions);
  }

  /// {@return these options with ESP in UDP forced, or not}
  public IkeOptions forcingEncapsulation(boolean force) {
    return new IkeOptions(force, extensions);
  }
}
