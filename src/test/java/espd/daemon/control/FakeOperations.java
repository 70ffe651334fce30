package espd.daemon.control;

import espd.dataplane.PacketTrace;
import espd.dataplane.Probe;
import espd.spd.Direction;
import espd.spd.Flow;
import espd.spd.Sa;
import espd.spd.Sadb;
import espd.spd.SpdEntry;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/// A daemon that knows one connection and whatever SAs it is given.
///
/// @param sad its SAs
public record FakeOperations(List<Sa> sad) implements Operations {

  @Override
  public Outcome initiate(String connection, Consumer<String> progress) {
    return switch (connection) {
      case "p1-p2" -> {
        progress.accept("initiating IKE_SA p1-p2[1] to 2001:db8:2:2::2");
        progress.accept("IKE_SA p1-p2[1] established");
        yield Outcome.done("connection 'p1-p2' established successfully");
      }
      case "bug" -> throw new IllegalStateException("our bug");
      case "slow" -> {
        sleep();
        yield Outcome.done("at last");
      }
      default -> Outcome.failed("no config named '" + connection + "'");
    };
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
  public Snapshot status() {
    return Snapshots.established();
  }

  @Override
  public List<SpdEntry> spd() {
    return List.of();
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
