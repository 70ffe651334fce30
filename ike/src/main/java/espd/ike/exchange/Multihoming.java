package espd.ike.exchange;

import espd.ike.Connection;
import espd.ike.Extension;
import espd.ike.message.Bytes;
import espd.ike.message.Header;
import espd.ike.message.Notify;
import espd.ike.message.NotifyType;
import espd.ike.message.Payload;
import espd.spd.Ipv6Address;
import java.util.List;
import java.util.stream.Stream;

/// Ends that have several addresses, and tell each other (RFC 4555 §3.4, §3.6). It is the initiator
/// that goes on between others of them when the path in use dies (§3.10 to §3.12):
///
/// ```
/// IKE_AUTH:             … N(MOBIKE_SUPPORTED), N(ADDITIONAL_IP6_ADDRESS)+ …        both ends
///
/// when they change:     HDR, SK {N(ADDITIONAL_IP6_ADDRESS)+} -->                   either end
///                  or   HDR, SK {N(NO_ADDITIONAL_ADDRESSES)} -->
///                       <-- HDR, SK {}
///
/// no answer by a path:  the same request by the others -->
///                       <-- HDR, SK {…}            by one of them, along which Mobility goes on
/// ```
final class Multihoming {

  private final Surroundings surroundings;
  private final Courier courier;

  Multihoming(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.courier = new Courier(surroundings);
  }

  // --- ours --------------------------------------------------------------------------------------

  /// {@return the IKE SA as it goes into IKE_AUTH: with the addresses of this host, of which the
  /// peer is told there}
  IkeSa introduced(IkeSa ikeSa, Connection connection) {
    if (Mobility.announcement(connection).isEmpty() || ikeSa.path().isStream()) {
      return ikeSa;
    }
    Ipv6Address local = ikeSa.path().local();
    Addresses here = ikeSa.addresses().ours(surroundings.addresses(connection, local));
    return ikeSa.with(here.announced(here.others(local)));
  }

  /// {@return what IKE_AUTH says of the addresses of this host}
  static List<Notify> introduction(IkeSa ikeSa) {
    return notifies(ikeSa.addresses().announced());
  }

  private static List<Notify> notifies(List<Ipv6Address> addresses) {
    return addresses.stream()
        .map(a -> Notify.of(NotifyType.ADDITIONAL_IP6_ADDRESS, Bytes.of(a.octets())))
        .toList();
  }

  /// {@return whether the peer knows others than there are}
  static boolean isOutdated(IkeSa ikeSa) {
    return !ikeSa.addresses().others(ikeSa.path().local()).equals(ikeSa.addresses().announced());
  }

  /// {@return the IKE SA when its peer has been told by [#list]}
  static IkeSa told(IkeSa ikeSa) {
    Addresses addresses = ikeSa.addresses();
    return ikeSa.with(addresses.announced(addresses.others(ikeSa.path().local())));
  }

  /// {@return the whole list, which takes the place of the one before (RFC 4555 §3.6)}
  static List<Notify> list(IkeSa ikeSa) {
    List<Ipv6Address> others = ikeSa.addresses().others(ikeSa.path().local());
    return others.isEmpty()
        ? List.of(Notify.of(NotifyType.NO_ADDITIONAL_ADDRESSES))
        : notifies(others);
  }

  /// Begins a [Task.Announce].
  Established announce(Established s, Actions actions) {
    actions.progress(s.connection(), "sending address list update using MOBIKE");
    List<Payload> payloads = List.copyOf(list(s.ikeSa()));
    return courier.request(
        s.with(told(s.ikeSa())),
        Header.INFORMATIONAL,
        payloads,
        new Pending.CheckingLiveness(),
        actions);
  }

  // --- the peer's --------------------------------------------------------------------------------

  /// {@return whether the peer says something of its addresses}
  static boolean saysWhere(Notifies in) {
    return in.has(NotifyType.ADDITIONAL_IP6_ADDRESS)
        || in.has(NotifyType.ADDITIONAL_IP4_ADDRESS)
        || in.has(NotifyType.NO_ADDITIONAL_ADDRESSES);
  }

  /// {@return the IKE SA with the peer's addresses, where it says something of them; those of IPv4
  /// lead nowhere, as ours are none}
  ///
  /// @param from the address that it says so from
  static IkeSa heard(IkeSa ikeSa, Notifies in, Ipv6Address from) {
    return saysWhere(in)
        ? ikeSa.with(ikeSa.addresses().peers(Stream.concat(Stream.of(from), named(in)).toList()))
        : ikeSa;
  }

  private static Stream<Ipv6Address> named(Notifies in) {
    return in.all(NotifyType.ADDITIONAL_IP6_ADDRESS).stream()
        .map(Notify::data)
        .filter(data -> data.length() == Ipv6Address.OCTETS)
        .map(data -> Ipv6Address.of(data.toArray()))
        .filter(Multihoming::isHost);
  }

  private static boolean isHost(Ipv6Address address) {
    boolean loopback = address.high() == 0 && address.low() == 1;
    return !loopback
        && !address.isUnspecified()
        && !address.isMulticast()
        && !address.isLinkLocal()
        && !address.isIpv4();
  }

  /// {@return the IKE SA with what the peer says of its addresses; one that speaks from another
  /// than that in use has lost that, for only the initiator chooses}
  static Established heard(Established s, Notifies in, Actions actions) {
    if (!saysWhere(in)) {
      return s;
    }
    Ipv6Address from = s.ikeSa().back().remote();
    Established then = s.with(heard(s.ikeSa(), in, from));
    List<Ipv6Address> peers = then.ikeSa().addresses().peers();
    peers.stream()
        .filter(a -> !a.equals(from) && !s.ikeSa().addresses().peers().contains(a))
        .forEach(
            each ->
                actions.progress(s.connection(), "got additional MOBIKE peer address: " + each));
    boolean elsewhere = !peers.contains(s.ikeSa().path().remote()) && !s.ikeSa().nat().there();
    return elsewhere && choosesPath(s)
        ? Mobility.along(then, s.ikeSa().back(), "the peer speaks from", actions)
        : then;
  }

  // --- paths -------------------------------------------------------------------------------------

  /// {@return whether it is we who choose between which addresses the SAs are (RFC 4555 §3.5)}
  private static boolean choosesPath(Established s) {
    return s.peer().called()
        && s.ikeSa().has(Extension.MOBIKE)
        && !s.ikeSa().path().isStream()
        && s.successor().isEmpty();
  }

  /// Our request has not been answered: it goes by all other paths too, and where the answer comes
  /// from, there is a way (RFC 4555 §3.10, §3.12).
  static void probe(Established s, List<Bytes> request, Actions actions) {
    if (!choosesPath(s)) {
      return;
    }
    for (Path path : s.ikeSa().addresses().besides(s.ikeSa().path())) {
      actions.progress(
          s.connection(), "checking path %s - %s".formatted(path.local(), path.remote()));
      actions.sendAgain(path, request);
    }
  }

  /// Our request has been answered, perhaps by another path than it should have been.
  static Established answered(Established s, Path by, Actions actions) {
    Path now = s.ikeSa().path();
    boolean same = by.local().equals(now.local()) && by.remote().equals(now.remote());
    return same || !choosesPath(s) || !s.ikeSa().addresses().has(now, by)
        ? s
        : Mobility.along(s, by, "the peer answers from", actions);
  }

  /// The host's addresses are others now.
  ///
  /// @param path that there is now
  /// @param ours the addresses of this host
  static Established roamed(Established s, Path path, List<Ipv6Address> ours, Actions actions) {
    if (s.ikeSa().path().isStream() || !s.ikeSa().has(Extension.MOBIKE)) {
      return s;
    }
    Established here = s.with(s.ikeSa().with(s.ikeSa().addresses().ours(ours)));
    Established there = path.equals(s.ikeSa().path()) ? here : Mobility.roamed(here, path, actions);
    return isOutdated(there.ikeSa()) && there.successor().isEmpty()
        ? Lifecycle.queuedOnce(there, new Task.Announce(actions.now()))
        : there;
  }

  /// {@return what a message is to say of our addresses beside other news, where the peer knows
  /// others}
  static List<Payload> alongside(IkeSa ikeSa) {
    return isOutdated(ikeSa) ? List.copyOf(list(ikeSa)) : List.of();
  }
}
