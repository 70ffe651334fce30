package espd.daemon.control;

import espd.dataplane.PacketTrace;
import espd.dataplane.Probe;
import espd.ike.message.Gateway;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.Sa;
import espd.spd.Sadb;
import espd.spd.SpdEntry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/// A daemon that knows one connection and whatever SAs it is given.
///
/// @param sad its SAs
/// @param happenings what happens to it
/// @param loading what changes it
/// @param way says the lines of a negotiation
public record FakeOperations(
    List<Sa> sad, Happenings happenings, FakeLoading loading, Consumer<Consumer<String>> way)
    implements Operations {

  /// Nothing happens to it.
  public FakeOperations(List<Sa> sad) {
    this(sad, FakeOperations::usual);
  }

  /// Nothing happens to it.
  ///
  /// @param way says the lines of a negotiation
  FakeOperations(List<Sa> sad, Consumer<Consumer<String>> way) {
    this(sad, new Happenings(), new FakeLoading(), way);
  }

  private static void usual(Consumer<String> progress) {
    progress.accept("initiating IKE_SA p1-p2[1] to 2001:db8:2:2::2");
    progress.accept("IKE_SA p1-p2[1] established");
  }

  @Override
  public Outcome initiate(String connection, Consumer<String> progress) {
    way.accept(progress);
    return Outcome.done("connection '" + connection + "' established successfully");
  }

  private static void sleep() {
    try {
      Thread.sleep(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Outcome terminate(String connection, Consumer<String> progress) {
    progress.accept("deleting IKE_SA " + connection);
    return Outcome.done("");
  }

  @Override
  public Outcome terminate(SaFilter which, Duration patience, Consumer<String> progress) {
    return switch (which.ike().orElse("")) {
      case "bug" -> throw new IllegalStateException("our bug");
      case "slow" -> {
        sleep();
        yield Outcome.done("at last");
      }
      default -> {
        progress.accept("deleting " + which.ikeId().or(which::ike).or(which::child).orElse(""));
        yield Outcome.done("");
      }
    };
  }

  @Override
  public int rekey(SaFilter which) {
    return 1;
  }

  @Override
  public int reauthenticate(SaFilter which) {
    return 1;
  }

  @Override
  public void redirect(Set<Integer> ikeSas, Gateway gateway) {}

  @Override
  public Counters counters() {
    return new Counters();
  }

  @Override
  public Snapshot status() {
    return Snapshots.established();
  }

  @Override
  public List<SpdEntry> spd() {
    return List.of();
  }

  @Override
  public Wiretap wiretap() {
    return new FakeWiretap(sad);
  }

  @Override
  public Traced trace(Direction direction, Probe packet) {
    Flow flow = new Flow();
    flow.protocol = packet.protocol();
    SpdEntry entry = new Sadb(InstantSource.system(), new Random(1)).spd().lookup(direction, flow);
    PacketTrace trace = new PacketTrace(packet, flow, entry, 0, 0, new PacketTrace.Bypassed());
    return new Traced(trace, false, new Snapshot.Cleartext(true, "nftables"));
  }
}
