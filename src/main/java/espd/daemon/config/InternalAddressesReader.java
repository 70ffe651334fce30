package espd.daemon.config;

import espd.ike.Connection.Start;
import espd.ike.InternalAddresses;
import espd.ike.pool.Pool;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The addresses inside of the tunnel (RFC 7296 §2.19): `sourceip=` of our end is what we ask the
/// peer for, `sourceip=` and `dns=` of the peer's end is what we give it.
final class InternalAddressesReader {

  private static final String SEPARATORS = " \t,";

  private final Settings settings;
  private final Endpoints ends;

  InternalAddressesReader(Settings settings, Endpoints ends) {
    this.settings = settings;
    this.ends = ends;
  }

  /// @param start what brings the connection up
  InternalAddresses read(Start start) throws Unreadable {
    Optional<Value> ours = settings.value(ends.local().side(), "sourceip");
    Optional<Value> theirs = settings.value(ends.remote().side(), "sourceip");
    Optional<Value> either = ours.or(() -> theirs);
    if (either.isPresent() && start == Start.ROUTE) {
      throw new Unreadable(
          settings.value("auto").orElse(settings.name()).place(),
          "a connection that packets start, though their addresses come with it",
          ours.isPresent() ? "auto=start" : "auto=add");
    }
    return new InternalAddresses(
        each(ours, InternalAddressesReader::wanted),
        each(theirs, InternalAddressesReader::pool),
        each(settings.value(ends.remote().side(), "dns"), InternalAddressesReader::address));
  }

  /// {@return what an end is whose addresses are assigned, or nothing when they are not: any
  /// address of each family that is asked for or given}
  static List<AddressRange> dynamic(Settings settings, String side) throws Unreadable {
    List<AddressRange> families = new ArrayList<>();
    for (Value value : parts(settings.value(side, "sourceip"))) {
      boolean four = value.lower().equals("%config4") || value.text().matches("[0-9.]+(/\\d+)?");
      AddressRange every = four ? AddressRange.ANY_IPV4 : AddressRange.ANY;
      if (!families.contains(every)) {
        families.add(every);
      }
    }
    return families;
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read(Value value) throws Unreadable;
  }

  private static <T> List<T> each(Optional<Value> list, Reading<T> reading) throws Unreadable {
    List<T> read = new ArrayList<>();
    for (Value value : parts(list)) {
      read.add(reading.read(value));
    }
    return read;
  }

  private static List<Value> parts(Optional<Value> list) {
    return list.map(value -> value.split(SEPARATORS)).orElse(List.of()).stream()
        .filter(value -> !value.isEmpty())
        .toList();
  }

  private static Ipv6Address wanted(Value value) throws Unreadable {
    return switch (value.lower()) {
      case "%config", "%config6", "%modeconfig", "%cfg", "::" -> Ipv6Address.UNSPECIFIED;
      case "%config4", "0.0.0.0" -> InternalAddresses.ANY_IPV4;
      default -> address(value);
    };
  }

  private static Ipv6Address address(Value value) throws Unreadable {
    try {
      return Ipv6Address.parse(value.text());
    } catch (IllegalArgumentException e) {
      throw new Unreadable(value, "an address, as 2001:db8:9::1");
    }
  }

  /// A pool that is loaded by its name, or the addresses of one.
  private static String pool(Value value) throws Unreadable {
    if (value.text().matches("%(?!config)[\\w.-]+")) {
      return value.text().substring(1);
    }
    try {
      return Pool.parse(value.text()).name();
    } catch (IllegalArgumentException e) {
      throw new Unreadable(value, "addresses to give, as 2001:db8:9::/64, or %POOL");
    }
  }
}
