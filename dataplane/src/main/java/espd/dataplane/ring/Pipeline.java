package espd.dataplane.ring;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Slots that a reader fills, a worker processes and a writer empties, in the order in which they
/// were filled: with a thread for each part ([Ring]), or all on the reader's own
/// ([RunToCompletion]).
///
/// [#claim()], [#claimed()] and [#publish()] are the reader's thread's.
///
/// @param <S> the slots
public interface Pipeline<S> extends AutoCloseable {

  /// What a worker or the writer does with a slot.
  interface Step<S> {
    /// Takes the slot for the time of this call.
    ///
    /// @throws Exception when the thread, and with it all of the pipeline, has to end
    void take(S slot) throws Exception;
  }

  /// Who works at a pipeline.
  ///
  /// @param name of the threads: `NAME-crypto-0`, …, `NAME-write`
  /// @param slots a power of two
  /// @param slot makes the slots, all of them at once
  /// @param workers what each worker does
  /// @param writer what the writer does
  /// @param failure is told what ended a thread, perhaps more than once
  record Plan<S>(
      String name,
      int slots,
      Supplier<S> slot,
      List<? extends Step<S>> workers,
      Step<S> writer,
      Consumer<Throwable> failure) {}

  /// Starts the threads of workers and writer.
  void start();

  /// Gives the reader a free slot, waiting while there is none; a slot that is claimed and not yet
  /// published stays claimed.
  ///
  /// @return whether there is one; false when the pipeline is closed
  boolean claim() throws InterruptedException;

  /// {@return the slot that is claimed}
  S claimed();

  /// Passes the claimed slot on to its worker and, behind it, the writer.
  void publish() throws Exception;

  /// {@return how many slots are filled and not yet written; any thread may ask}
  int used();

  /// {@return how often the reader had to wait for a free slot; any thread may ask}
  long full();

  /// {@return how many slots there are}
  int capacity();

  /// Lets what is published be written, as long as that goes on, then tells the threads to end. The
  /// reader must publish nothing any more.
  @Override
  void close();

  /// Waits for the threads to end after [#close()].
  ///
  /// @return whether they have
  boolean join() throws InterruptedException;
}
