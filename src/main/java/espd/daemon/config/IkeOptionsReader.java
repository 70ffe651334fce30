package espd.daemon.config;

import espd.ike.Extension;
import espd.ike.IkeOptions;
import espd.ike.IkeOptions.Childless;
import espd.ike.Tcp;
import espd.ike.Uniqueness;
import java.util.Optional;

/// What a connection's IKE SA may do beyond the core of RFC 7296: `forceencaps`, `fragmentation`,
/// `mobike`, `childless` (swanctl.conf's, which ipsec.conf has here, too), `enable-tcp`,
/// `tcp-remoteport` and `session-resumption` (libreswan's), and of `config setup`
/// (strongswan.conf's `charon` section) `fragment_size`, `keep_alive`, `follow_redirects`,
/// `listen-tcp` and `uniqueids`.
final class IkeOptionsReader {

  private static final int LARGEST_PACKET = 65_535;

  private final Settings settings;

  IkeOptionsReader(Settings settings) {
    this.settings = settings;
  }

  IkeOptions read() throws Unreadable {
    Optional<Value> encapsulation = settings.value("forceencaps");
    Optional<Value> keepAlive = settings.value("keep_alive");
    Optional<Value> size = settings.value("fragment_size");
    Optional<Value> mobike = settings.value("mobike");
    Optional<Value> fragmentation = settings.value("fragmentation");
    Optional<Value> redirects = settings.value("follow_redirects");
    IkeOptions options =
        IkeOptions.DEFAULT
            .tcp(tcp())
            .announcing(Extension.MOBIKE, mobike.isEmpty() || Units.truth(mobike.get()))
            .announcing(Extension.REDIRECT, redirects.isEmpty() || Units.truth(redirects.get()))
            .forcingEncapsulation(encapsulation.isPresent() && Units.truth(encapsulation.get()))
            .keepAlive(keepAlive.isPresent() ? Units.time(keepAlive.get()) : IkeOptions.KEEP_ALIVE)
            .fragmentOctets(
                size.isPresent()
                    ? Units.number(size.get(), IkeOptions.LEAST_FRAGMENT_OCTETS, LARGEST_PACKET)
                    : IkeOptions.FRAGMENT_OCTETS);
    Optional<Value> reauth = settings.value("reauth");
    Optional<Value> tickets = settings.value("session-resumption");
    options =
        options
            .announcing(Extension.RESUMPTION, tickets.isPresent() && Units.truth(tickets.get()))
            .childless(childless())
            .unique(uniqueness())
            .reauthenticating(reauth.isPresent() && Units.truth(reauth.get()));
    return switch (fragmentation.map(Value::lower).orElse("yes")) {
      case "yes", "force" -> options;
      case "accept" -> options.fragmentOctets(0);
      case "no" -> options.announcing(Extension.FRAGMENTATION, false);
      default -> throw new Unreadable(fragmentation.orElseThrow(), "yes, accept, force or no");
    };
  }

  private Uniqueness uniqueness() throws Unreadable {
    Optional<Value> policy = settings.value("uniqueids");
    return switch (policy.map(Value::lower).orElse("yes")) {
      case "yes", "replace" -> Uniqueness.REPLACE;
      case "keep" -> Uniqueness.KEEP;
      case "no" -> Uniqueness.NO;
      case "never" -> Uniqueness.NEVER;
      default -> throw new Unreadable(policy.orElseThrow(), "replace, keep, no or never");
    };
  }

  private Childless childless() throws Unreadable {
    Optional<Value> policy = settings.value("childless");
    return switch (policy.map(Value::lower).orElse("allow")) {
      case "allow" -> Childless.ALLOW;
      case "prefer" -> Childless.PREFER;
      case "force" -> Childless.FORCE;
      case "never" -> Childless.NEVER;
      default -> throw new Unreadable(policy.orElseThrow(), "allow, prefer, force or never");
    };
  }

  /// TCP encapsulation (RFC 9329), as libreswan has it.
  private Tcp tcp() throws Unreadable {
    Optional<Value> use = settings.value("enable-tcp");
    Optional<Value> port = settings.value("tcp-remoteport");
    Optional<Value> listens = settings.value("listen-tcp");
    return new Tcp(
        switch (use.map(Value::lower).orElse("no")) {
          case "no" -> Tcp.Use.NO;
          case "yes" -> Tcp.Use.YES;
          case "fallback" -> Tcp.Use.FALLBACK;
          default -> throw new Unreadable(use.orElseThrow(), "no, yes or fallback");
        },
        port.isPresent() ? Units.number(port.get(), 1, 65_535) : Tcp.NONE.remotePort(),
        listens.isPresent() && Units.truth(listens.get()));
  }
}
