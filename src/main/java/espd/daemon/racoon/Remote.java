package espd.daemon.racoon;

import espd.daemon.config.Value;
import espd.ike.IkeVersion.Phase1Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/// `remote`: how to speak with a peer in phase 1.
///
/// @param name whom it is for
/// @param word that begins it
/// @param items its statements, in their order
/// @param inherited those of the one that it inherits from, of which its own take the place
record Remote(RemoteName name, Value word, List<RemoteItem> items, List<RemoteItem> inherited) {

  /// racoon's own.
  static final Duration LIFETIME = Duration.ofHours(8);

  Remote {
    items = List.copyOf(items);
    inherited = List.copyOf(inherited);
  }

  /// {@return all its statements, for one that inherits from it: later ones take the place of
  /// earlier ones}
  List<RemoteItem> all() {
    return Stream.concat(inherited.stream(), items.stream()).toList();
  }

  /// {@return the address of its peer; nothing where it may be anybody}
  Optional<RemoteName.OfAddress> address() {
    return switch (name) {
      case RemoteName.OfAddress address -> Optional.of(address);
      case RemoteName.Anonymous() -> Optional.empty();
      case RemoteName.Named _ ->
          last(RemoteItem.Address.class).map(each -> new RemoteName.OfAddress(each.address()));
    };
  }

  /// {@return how phase 1 begins and may begin}
  List<Phase1Mode> modes() {
    return last(RemoteItem.Modes.class).map(RemoteItem.Modes::modes).orElse(List.of());
  }

  /// {@return the word that is chosen}
  String choice(RemoteChoice choice) {
    return all().stream()
        .filter(each -> each instanceof RemoteItem.Choice(var which, _) && which == choice)
        .map(each -> ((RemoteItem.Choice) each).word())
        .reduce((earlier, later) -> later)
        .orElse(choice.usual());
  }

  /// {@return whether a choice is `on`}
  boolean isOn(RemoteChoice choice) {
    return choice(choice).equals("on");
  }

  /// {@return the number that is given}
  OptionalInt amount(RemoteAmount amount) {
    return all().stream()
        .filter(each -> each instanceof RemoteItem.Amount(var which, _) && which == amount)
        .mapToInt(each -> ((RemoteItem.Amount) each).number())
        .reduce((earlier, later) -> later);
  }

  /// {@return its suites, its own before those it inherits, which only count where it has none}
  List<Phase1Proposal> proposals() {
    List<Phase1Proposal> own = of(items, RemoteItem.Proposal.class, RemoteItem.Proposal::proposal);
    return own.isEmpty()
        ? of(inherited, RemoteItem.Proposal.class, RemoteItem.Proposal::proposal)
        : own;
  }

  Duration lifetime() {
    return last(RemoteItem.Lifetime.class).map(RemoteItem.Lifetime::lifetime).orElse(LIFETIME);
  }

  /// {@return the last statement of a kind}
  <T extends RemoteItem> Optional<T> last(Class<T> kind) {
    return all().stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .reduce((earlier, later) -> later);
  }

  /// {@return what all statements of a kind say}
  <T extends RemoteItem, R> List<R> each(Class<T> kind, Function<T, R> says) {
    return of(all(), kind, says);
  }

  private static <T extends RemoteItem, R> List<R> of(
      List<RemoteItem> items, Class<T> kind, Function<T, R> says) {
    return items.stream().filter(kind::isInstance).map(kind::cast).map(says).toList();
  }
}
