package espd.daemon.control;

import espd.daemon.control.Snapshot.ChildSa;
import espd.daemon.control.Snapshot.IkeSa;
import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// Something that happened in the daemon, told through [Happenings].
public sealed interface Happening {

  /// {@return when it happened}
  Instant at();

  /// {@return the name of the connection that it happened to, empty where there is none}
  default String connection() {
    return switch (this) {
      case IkeSaUp(_, IkeSa sa) -> sa.connection();
      case IkeSaDown(_, IkeSa sa) -> sa.connection();
      case IkeSaRekeyed(_, _, IkeSa successor) -> successor.connection();
      case ChildSaUp(_, _, ChildSa child) -> child.connection();
      case ChildSaDown(_, _, ChildSa child) -> child.connection();
      case ChildSaRekeyed(_, _, _, ChildSa successor) -> successor.connection();
      case Reached reached -> reached.connection();
      case Line line -> line.connection();
    };
  }

  /// An IKE SA is established.
  record IkeSaUp(Instant at, IkeSa ikeSa) implements Happening {}

  /// An IKE SA is gone; its Child SAs went before it.
  ///
  /// @param ikeSa as it last was
  record IkeSaDown(Instant at, IkeSa ikeSa) implements Happening {}

  /// A successor has taken the place of an IKE SA.
  record IkeSaRekeyed(Instant at, IkeSa old, IkeSa successor) implements Happening {}

  /// A Child SA is established.
  ///
  /// @param ikeSa that it belongs to
  record ChildSaUp(Instant at, IkeSa ikeSa, ChildSa child) implements Happening {}

  /// A Child SA is gone.
  ///
  /// @param ikeSa that it belonged to
  /// @param child with its last figures
  record ChildSaDown(Instant at, IkeSa ikeSa, ChildSa child) implements Happening {}

  /// A successor has taken the place of a Child SA.
  ///
  /// @param ikeSa that both belong to
  record ChildSaRekeyed(Instant at, IkeSa ikeSa, ChildSa old, ChildSa successor)
      implements Happening {}

  /// A negotiation of IKEv1 has come a step further.
  ///
  /// @param serial in phase 1 that of the IKE SA, in quick mode that of the Child SA
  /// @param stage where it is now
  /// @param path where messages go
  /// @param child what quick mode has made, once it has
  record Reached(
      Instant at,
      String connection,
      int serial,
      IsakmpStage stage,
      Path path,
      Optional<ChildSa> child)
      implements Happening {}

  /// There is a line to read.
  ///
  /// @param group what it is about
  /// @param level how much it matters
  /// @param ikeSa the n of `NAME[n]`, where it is about an IKE SA
  record Line(
      Instant at, Group group, Level level, String connection, OptionalInt ikeSa, String text)
      implements Happening {}

  /// What a line is about, in strongSwan's words.
  enum Group {
    /// Negotiation.
    IKE,
    /// Configuration.
    CFG
  }

  /// How much a line matters.
  enum Level {
    /// A person should look at it; 0 in vici.
    WARNING,
    /// It is a step of the way; 1 in vici.
    STEP
  }
}
