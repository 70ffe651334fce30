package espd.ike;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/// What a connection's IKE SA may do beyond the core of RFC 7296.
///
/// @param forceEncapsulation ESP in UDP 4500 even without a NAT
/// @param extensions what we announce
/// @param fragmentOctets a message that fits no packet of so many octets, headers and all, goes in
///   fragments that do (RFC 7383 §2.5.1); 0 sends none
/// @param childless whether an IKE SA may come without a Child SA (RFC 6023)
/// @param keepAlive how long a NAT before us may hear nothing (RFC 3948 §4); zero lets it forget
/// @param tcp whether messages and ESP go through TCP
/// @param reauthenticates whether an IKE SA is not rekeyed when it gets old, but another made, in
///   which both ends prove themselves anew, before it is closed (RFC 7296 §2.8.3)
/// @param uniqueness what becomes of it when the peer makes another
public record IkeOptions(
    boolean forceEncapsulation,
    Set<Extension> extensions,
    int fragmentOctets,
    Duration keepAlive,
    Childless childless,
    Tcp tcp,
    boolean reauthenticates,
    Uniqueness uniqueness) {

  /// Whether an IKE SA may come without a Child SA (RFC 6023), in swanctl.conf's words.
  public enum Childless {
    /// The peer may do so; our own come with one.
    ALLOW,
    /// Ours come without one, and get it in an exchange of its own, where the peer permits that.
    PREFER,
    /// No IKE SA comes with one.
    FORCE,
    /// Every IKE SA comes with one.
    NEVER
  }

  /// The packet that every link of IPv6 takes (RFC 8200 §5).
  public static final int FRAGMENT_OCTETS = 1280;

  /// Packets smaller than this are nothing but headers.
  public static final int LEAST_FRAGMENT_OCTETS = 256;

  /// How long NATs can be trusted to remember (RFC 3948 §4).
  public static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

  /// Whatever needs no asking for.
  public static final IkeOptions DEFAULT =
      new IkeOptions(
          false,
          Set.of(
              Extension.FRAGMENTATION, Extension.MOBIKE, Extension.CHILDLESS, Extension.REDIRECT),
          FRAGMENT_OCTETS,
          KEEP_ALIVE,
          Childless.ALLOW,
          Tcp.NONE,
          false,
          Uniqueness.NO);

  /// Copies the set.
  ///
  /// @throws IllegalArgumentException when fragments are too small, or the silence is negative
  public IkeOptions {
    extensions = Set.copyOf(extensions);
    if (keepAlive.isNegative()) {
      throw new IllegalArgumentException("keep-alive after " + keepAlive);
    }
    if (fragmentOctets != 0 && fragmentOctets < LEAST_FRAGMENT_OCTETS) {
      throw new IllegalArgumentException("fragments of " + fragmentOctets + " octets");
    }
  }

  /// {@return these options with ESP in UDP forced, or not}
  public IkeOptions forcingEncapsulation(boolean force) {
    return new IkeOptions(
        force, extensions, fragmentOctets, keepAlive, childless, tcp, reauthenticates, uniqueness);
  }

  /// {@return these options with an extension announced, or not}
  public IkeOptions announcing(Extension extension, boolean announced) {
    Set<Extension> all = new HashSet<>(extensions);
    if (announced) {
      all.add(extension);
    } else {
      all.remove(extension);
    }
    return new IkeOptions(
        forceEncapsulation,
        all,
        fragmentOctets,
        keepAlive,
        childless,
        tcp,
        reauthenticates,
        uniqueness);
  }

  /// {@return these options with fragments of at most so many octets, or none for 0}
  public IkeOptions fragmentOctets(int octets) {
    return new IkeOptions(
        forceEncapsulation,
        extensions,
        octets,
        keepAlive,
        childless,
        tcp,
        reauthenticates,
        uniqueness);
  }

  /// {@return these options with a NAT reminded of us after so long, or never for zero}
  public IkeOptions keepAlive(Duration silence) {
    return new IkeOptions(
        forceEncapsulation,
        extensions,
        fragmentOctets,
        silence,
        childless,
        tcp,
        reauthenticates,
        uniqueness);
  }

  /// {@return these options with IKE SAs that come without a Child SA, or not}
  public IkeOptions childless(Childless policy) {
    IkeOptions announced = announcing(Extension.CHILDLESS, policy != Childless.NEVER);
    return new IkeOptions(
        forceEncapsulation,
        announced.extensions,
        fragmentOctets,
        keepAlive,
        policy,
        tcp,
        reauthenticates,
        uniqueness);
  }

  /// {@return these options with TCP used so}
  public IkeOptions tcp(Tcp use) {
    return new IkeOptions(
        forceEncapsulation,
        extensions,
        fragmentOctets,
        keepAlive,
        childless,
        use,
        reauthenticates,
        uniqueness);
  }

  /// {@return these options with old IKE SAs authenticated anew, or rekeyed}
  public IkeOptions reauthenticating(boolean anew) {
    return new IkeOptions(
        forceEncapsulation,
        extensions,
        fragmentOctets,
        keepAlive,
        childless,
        tcp,
        anew,
        uniqueness);
  }

  /// {@return these options with so many IKE SAs to a peer}
  public IkeOptions unique(Uniqueness policy) {
    return new IkeOptions(
        forceEncapsulation,
        extensions,
        fragmentOctets,
        keepAlive,
        childless,
        tcp,
        reauthenticates,
        policy);
  }
}
