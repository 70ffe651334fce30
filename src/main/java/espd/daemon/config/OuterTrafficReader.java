package espd.daemon.config;

import espd.spd.Mode;
import espd.spd.OuterTraffic;
import java.util.Optional;

/// How a connection's packets look from outside: strongSwan's `tfc=`, libreswan's `encap-dscp=` and
/// `decap-dscp=`, and our own `tfc-dummies=`.
///
/// @param settings of the connection
/// @param findings is told what has no effect
record OuterTrafficReader(Settings settings, Findings findings) {

  private static final int LONGEST = 65_535;
  private static final int MOST_DUMMIES = 100_000;

  OuterTraffic read(Mode mode) throws Unreadable {
    OuterTraffic usual = OuterTraffic.DEFAULT;
    Optional<Value> tfc = settings.value("tfc");
    int padTo = tfc.isPresent() ? padTo(tfc.get()) : usual.padToOctets();
    Optional<Value> dummies = settings.value("tfc-dummies");
    int perSecond = dummies.isPresent() ? dummies(dummies.get()) : usual.dummiesPerSecond();
    boolean encapsulates = truth("encap-dscp", usual.encapsulatesDscp());
    boolean decapsulates = truth("decap-dscp", usual.decapsulatesDscp());
    if (mode == Mode.TUNNEL) {
      return new OuterTraffic(padTo, perSecond, encapsulates, decapsulates);
    }
    if (padTo > 0) {
      findings.warn(tfc.orElseThrow().place(), "tfc= has no effect: it pads in tunnels only");
    }
    return new OuterTraffic(0, perSecond, encapsulates, decapsulates);
  }

  private static int padTo(Value value) throws Unreadable {
    if (value.lower().equals("%mtu")) {
      return OuterTraffic.PATH_MTU;
    }
    String expected = "a packet's length in octets from 0 to " + LONGEST + ", or %mtu";
    if (!value.text().matches("\\d{1,5}") || Integer.parseInt(value.text()) > LONGEST) {
      throw new Unreadable(value, expected);
    }
    return Integer.parseInt(value.text());
  }

  private static int dummies(Value value) throws Unreadable {
    if (value.lower().equals("no")) {
      return 0;
    }
    if (!value.text().matches("\\d{1,6}") || Integer.parseInt(value.text()) > MOST_DUMMIES) {
      throw new Unreadable(value, "dummy packets per second from 0 to " + MOST_DUMMIES + ", or no");
    }
    return Integer.parseInt(value.text());
  }

  private boolean truth(String key, boolean usual) throws Unreadable {
    Optional<Value> value = settings.value(key);
    return value.isPresent() ? Units.truth(value.get()) : usual;
  }
}
