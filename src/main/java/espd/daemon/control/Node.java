package espd.daemon.control;

import java.util.List;

/// What a name stands for in a [Section].
public sealed interface Node permits Section, Node.Text, Node.Items {

  /// A value.
  ///
  /// @param text the value; at most 65,535 octets
  record Text(String text) implements Node {}

  /// A list.
  ///
  /// @param items the values of the list
  record Items(List<String> items) implements Node {

    /// Copies the list.
    public Items {
      items = List.copyOf(items);
    }
  }
}
