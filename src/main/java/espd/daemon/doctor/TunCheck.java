package espd.daemon.doctor;

import espd.tun.Offload;
import espd.tun.facts.Holder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a TUN device can be made, and the name of the daemon's is free.
///
/// @param name of the daemon's device
/// @param trial what a device of another name was given
/// @param exists whether there is an interface of the daemon's name
/// @param holder who has it
/// @param daemonRuns whether a daemon answers
record TunCheck(
    String name, Tried<Offload> trial, boolean exists, Optional<Holder> holder, boolean daemonRuns)
    implements Check {

  private static final String SUBJECT = "tun device";

  @Override
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(
        switch (trial) {
          case Tried.Done<Offload>(Offload offload) -> made(offload);
          case Tried.Refused<Offload>(var why) -> Finding.refused(Finding.Level.FAIL, SUBJECT, why);
        });
    if (exists) {
      findings.add(taken());
    }
    return findings;
  }

  private static Finding made(Offload offload) {
    String seen = "/dev/net/tun makes devices; ";
    return switch (offload) {
      case SEGMENTS_AND_DATAGRAMS ->
          Finding.ok(SUBJECT, seen + "64 KiB of TCP or UDP come in one read");
      case SEGMENTS ->
          Finding.ok(SUBJECT, seen + "64 KiB of TCP come in one read (of UDP since Linux 6.2)");
      case JOINED_ONLY, NOTHING ->
          Finding.warn(
              SUBJECT,
              seen + "each packet is read alone: the kernel leaves no segmentation to them",
              "a newer kernel carries several times as much TCP");
    };
  }

  private Finding taken() {
    if (daemonRuns) {
      return Finding.ok(name, "of the daemon" + holder.map(each -> ", " + each).orElse(""));
    }
    return Finding.fail(
        name,
        holder
            .map(each -> "held by " + each)
            .orElse("an interface of this name exists that no process seen from here holds"),
        holder
                .filter(each -> each.pid() != Holder.UNSEEN)
                .map(each -> "kill " + each.pid() + "; ")
                .orElse("")
            + "or name another device with --tun");
  }
}
