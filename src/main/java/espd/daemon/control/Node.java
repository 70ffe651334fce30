package espd.daemon.control;

import espd.spd.KeyMaterial;
import java.util.List;

/// What a name stands for in a [Section].
public sealed interface Node permits Section, Node.Text, Node.Items, Node.Secret {

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

  /// A value of octets that may be secret: what vici calls `data`.
  ///
  /// @param octets wiped by whoever uses them
  record Secret(KeyMaterial octets) implements Node {}
}
