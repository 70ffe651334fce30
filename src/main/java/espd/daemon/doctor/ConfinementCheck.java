package espd.daemon.doctor;

import espd.tun.facts.ProcessStatus;
import java.util.List;

/// What confines the process besides its capabilities: what other checks see refused may be its
/// doing.
///
/// @param status of this process
/// @param profile the label of AppArmor or SELinux, empty where there is none
record ConfinementCheck(ProcessStatus status, String profile) implements Check {

  private static final String SUBJECT = "confinement";

  @Override
  public List<Finding> findings() {
    boolean enforced = profile.endsWith("(enforce)");
    if (enforced) {
      return List.of(
          Finding.warn(
              SUBJECT,
              "AppArmor confines it: " + profile,
              "where something is refused, see dmesg | grep apparmor; in a container: docker run"
                  + " --security-opt apparmor=unconfined"));
    }
    return List.of(
        Finding.ok(
            SUBJECT,
            status.isFiltered()
                ? "a seccomp filter, as in containers: it may be what refuses a call"
                : "none by seccomp or AppArmor"));
  }
}
