package espd.dataplane;

import espd.dataplane.esp.EspCipher;
import espd.dataplane.esp.EspRun;
import espd.spd.EsnResynchronisation;
import espd.tun.packet.PacketBatch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Tries a packet under other high halves of its number, where an SA with ESN seems to have lost
/// count (RFC 4303 Appendix A3). Opening spoils a packet that does not prove authentic, so its
/// octets are kept as they came. A worker owns one; its memory is there once it is needed.
final class EsnSearch {

  private final EspRun attempt = new EspRun(1);
  private @Nullable MemorySegment memory;

  /// Keeps the first packet of a run that is yet to be opened.
  void keep(EspRun run) {
    MemorySegment.copy(run.memory(), run.at[0], kept(), 0, run.octets[0]);
  }

  private MemorySegment kept() {
    if (memory == null) {
      memory = Arena.ofAuto().allocate(PacketBatch.MAX_OCTETS);
    }
    return memory;
  }

  /// Looks for the number of the packet kept, which did not prove authentic under the one inferred.
  /// Where it is found, the packet lies opened in its place, and the run says so.
  ///
  /// @return whether it was found
  boolean find(EspRun run, EspCipher cipher) {
    for (int k = 1; k <= EsnResynchronisation.ATTEMPTS && !run.authentic[0]; k++) {
      MemorySegment.copy(kept(), 0, run.memory(), run.at[0], run.octets[0]);
      long number = EsnResynchronisation.candidate(run.number[0], k);
      attempt.begin(run.memory());
      attempt.add(run.at[0], run.octets[0], number);
      cipher.process(attempt);
      if (attempt.authentic[0]) {
        run.number[0] = number;
        run.authentic[0] = true;
      }
    }
    return run.authentic[0];
  }
}
