package espd.daemon.doctor;

import espd.tun.facts.ProcessStatus;
import espd.tun.facts.ProcessStatus.Capability;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// Whether who runs this may do what a daemon does (capabilities(7)).
///
/// @param status of this process
/// @param leastUnprivilegedPort the first UDP port that everybody may bind
record CapabilityCheck(ProcessStatus status, int leastUnprivilegedPort) implements Check {

  private static final String SUBJECT = "capabilities";
  private static final int IKE = 500;

  @Override
  public List<Finding> findings() {
    List<Capability> lacking =
        Arrays.stream(Capability.values())
            .filter(this::isNeeded)
            .filter(each -> !status.has(each))
            .toList();
    if (lacking.isEmpty()) {
      return List.of(Finding.ok(SUBJECT, words(List.of(Capability.values()), ", ")));
    }
    return List.of(
        Finding.fail(
            SUBJECT,
            "without " + words(lacking, ", "),
            "run as root; in a container: docker run --cap-add "
                + words(lacking, " --cap-add ").replace("CAP_", "")));
  }

  private boolean isNeeded(Capability capability) {
    return capability != Capability.CAP_NET_BIND_SERVICE || leastUnprivilegedPort > IKE;
  }

  private static String words(List<Capability> capabilities, String between) {
    return capabilities.stream().map(Capability::name).collect(Collectors.joining(between));
  }
}
