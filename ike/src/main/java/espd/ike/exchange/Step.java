package espd.ike.exchange;

import java.util.List;

/// What one event makes of an IKE SA.
///
/// @param next the state from now on
/// @param actions to be done, in this order
public record Step(IkeSaState next, List<Action> actions) {

  /// Copies the list.
  public Step {
    actions = List.copyOf(actions);
  }
}
