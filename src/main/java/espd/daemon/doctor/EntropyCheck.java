package espd.daemon.doctor;

import java.util.List;

/// Whether the kernel's random numbers are ready: nonces, keys and SPIs are drawn of them.
///
/// @param ready whether getrandom(2) gives at once
record EntropyCheck(Tried<Boolean> ready) implements Check {

  private static final String SUBJECT = "entropy";

  @Override
  public List<Finding> findings() {
    return List.of(
        switch (ready) {
          case Tried.Done<Boolean>(Boolean yes) ->
              yes
                  ? Finding.ok(SUBJECT, "getrandom gives at once")
                  : Finding.fail(
                      SUBJECT,
                      "getrandom would wait: the kernel has gathered too little since it started",
                      "give a virtual machine virtio-rng, or: apt install rng-tools5");
          case Tried.Refused<Boolean>(var why) -> Finding.refused(Finding.Level.FAIL, SUBJECT, why);
        });
  }
}
