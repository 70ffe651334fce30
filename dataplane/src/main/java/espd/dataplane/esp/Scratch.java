package espd.dataplane.esp;

/// Two arrays of a thread, for ciphers that work on arrays: one to read from, one to write to. They
/// are never the same, for output that runs ahead of input corrupts silently.
final class Scratch {

  byte[] input = new byte[0];
  byte[] output = new byte[0];

  private Scratch() {}

  /// Each thread's scratch. It grows to the longest packet that the thread has met, at most 64 KiB.
  static final class OfThread {

    private final ThreadLocal<Scratch> scratches = ThreadLocal.withInitial(Scratch::new);

    /// {@return this thread's scratch, as long as the longest packet of the run at least}
    Scratch fitting(EspRun run) {
      int longest = 0;
      for (int i = 0; i < run.count; i++) {
        longest = Math.max(longest, run.octets[i]);
      }
      Scratch scratch = scratches.get();
      if (scratch.input.length < longest) {
        scratch.input = new byte[longest];
        scratch.output = new byte[longest];
      }
      return scratch;
    }
  }
}
