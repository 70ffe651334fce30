package espd.ike.driver;

import espd.ike.exchange.Action;
import espd.ike.exchange.Computation;
import java.util.function.Consumer;

/// What takes long and is done elsewhere: what comes of it comes back to the event loop.
///
/// @param configuration whose workers, and whom authorities are asked by
record Errands(IkeConfiguration configuration) {

  /// Has workers compute.
  ///
  /// @param done takes what comes of it
  /// @param failed takes a fault of ours
  void compute(
      Computation computation,
      Consumer<Computation.Result> done,
      Consumer<RuntimeException> failed) {
    IkeScheduler scheduler = configuration.scheduler();
    scheduler.compute(
        () -> {
          try {
            Computation.Result result = computation.run(configuration.random());
            scheduler.execute(() -> done.accept(result));
          } catch (RuntimeException e) {
            scheduler.execute(() -> failed.accept(e));
          }
        });
  }

  /// Has authorities asked.
  ///
  /// @param done takes what comes of it
  void inquire(Action.Inquire inquire, Consumer<Computation.Result> done) {
    var _ =
        configuration
            .revocations()
            .settle(inquire.inquiry())
            .thenAccept(
                finding ->
                    configuration.scheduler().execute(() -> done.accept(inquire.settled(finding))));
  }
}
