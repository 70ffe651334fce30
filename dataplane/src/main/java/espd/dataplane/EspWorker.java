package espd.dataplane;

import espd.dataplane.esp.EspCipher;
import espd.dataplane.esp.EspContexts;
import espd.dataplane.esp.EspEngine;
import espd.dataplane.esp.EspRun;
import espd.dataplane.ipcomp.Compressor;
import espd.spd.InboundSa;
import espd.spd.Sa;
import espd.spd.Sadb;
import espd.tun.packet.PacketBatch;
import org.jspecify.annotations.Nullable;

/// One thread's hard work: sorts a batch by SA and gives each SA's packets to its cipher at once;
/// and compresses them before.
final class EspWorker implements AutoCloseable {

  private final Sadb sadb;
  private final EspContexts contexts;
  private final EspRun run = new EspRun(PacketBatch.CAPACITY);
  private final int[] place = new int[PacketBatch.CAPACITY];
  private final EsnSearch search = new EsnSearch();
  private @Nullable Compressor compressor;

  /// @param engine makes the ciphers
  /// @param sadb says which SAs there still are
  EspWorker(EspEngine engine, Sadb sadb) {
    this.sadb = sadb;
    this.contexts = new EspContexts(engine);
  }

  /// Compresses what ESP is to carry, if that makes it shorter.
  ///
  /// @param at where it lies in the memory of the slot's batch
  /// @param octets its length
  /// @param header of IPComp, as [espd.dataplane.ipcomp.IpcompHeader] makes it
  /// @return its length from now on, `octets` when it is as it was
  int compress(Slot slot, int at, int octets, int header) {
    if (compressor == null) {
      compressor = new Compressor(); // Most hosts never need one.
    }
    int payload = compressor.compress(slot.batch, at, octets, header);
    if (payload < octets) {
      slot.spared(octets - payload);
    }
    return payload;
  }

  /// Seals or opens every packet of the batch that has an SA; what proves forged is dropped.
  void process(Slot slot) {
    contexts.follow(sadb.sad());
    long pending = slot.withSa();
    while (pending != 0) {
      Sa sa = slot.sa[Long.numberOfTrailingZeros(pending)];
      pending &= ~gather(slot, sa, pending);
      if (sa != null) {
        process(slot, sa);
      }
    }
  }

  /// Forgets the keys; the thread has ended.
  @Override
  public void close() {
    if (compressor != null) {
      compressor.close();
    }
    contexts.close();
  }

  private long gather(Slot slot, @Nullable Sa sa, long pending) {
    run.begin(slot.batch.memory());
    long gathered = 0;
    for (long rest = pending; rest != 0; rest &= rest - 1) {
      int i = Long.numberOfTrailingZeros(rest);
      if (slot.sa[i] == sa) {
        place[run.count] = i;
        run.add(slot.espAt[i], slot.end(i) - slot.espAt[i], slot.number[i]);
        gathered |= 1L << i;
      }
    }
    return gathered;
  }

  private void process(Slot slot, Sa sa) {
    EspCipher cipher = contexts.of(sa);
    if (cipher == null) {
      for (int k = 0; k < run.count; k++) {
        slot.drop(place[k], DropReason.NO_CIPHER);
      }
      return;
    }
    if (sa instanceof InboundSa inbound) {
      open(slot, inbound, cipher);
    } else {
      cipher.process(run);
    }
  }

  private void open(Slot slot, InboundSa sa, EspCipher cipher) {
    boolean due = sa.resynchronisation().isDue();
    if (due) {
      search.keep(run);
    }
    cipher.process(run);
    if (due && search.find(run, cipher)) {
      slot.number[place[0]] = run.number[0];
    }
    dropForged(slot, sa);
  }

  private void dropForged(Slot slot, InboundSa sa) {
    for (int k = 0; k < run.count; k++) {
      if (!run.authentic[k]) {
        sa.countUnauthentic();
        slot.drop(place[k], DropReason.BAD_ICV);
      }
    }
  }
}
