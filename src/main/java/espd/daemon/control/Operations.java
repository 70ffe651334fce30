package espd.daemon.control;

import espd.dataplane.Probe;
import espd.ike.message.Gateway;
import espd.spd.Direction;
import espd.spd.Sa;
import espd.spd.SpdEntry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What the control socket's commands do: the daemon, seen from its socket. Called by several
/// threads at once; a call may block its thread.
public interface Operations {

  /// Negotiates the SAs of a connection.
  ///
  /// @param connection its name
  /// @param progress is told each step, a line at a time, for as long as this call lasts
  Outcome initiate(String connection, Consumer<String> progress);

  /// Deletes the Child SAs of a connection, at the peer too, and the IKE SA when nothing is left in
  /// it.
  ///
  /// @param connection its name
  /// @param progress is told each step
  Outcome terminate(String connection, Consumer<String> progress);

  /// Deletes SAs, at the peer too: Child SAs where `which` names one, else IKE SAs with all they
  /// have.
  ///
  /// @param patience how long the peer may take to answer
  /// @param progress is told each step
  Outcome terminate(SaFilter which, Duration patience, Consumer<String> progress);

  /// Begins to replace SAs: Child SAs where `which` names one, else IKE SAs.
  ///
  /// @return how many
  int rekey(SaFilter which);

  /// Has both ends of IKE SAs prove themselves anew, in others that take their place.
  ///
  /// @return how many
  int reauthenticate(SaFilter which);

  /// Has peers that have called us go to another gateway, where they can.
  ///
  /// @param ikeSas the numbers of their IKE SAs
  void redirect(Set<Integer> ikeSas, Gateway gateway);

  /// {@return what changes connections and secrets}
  Loading loading();

  /// {@return what IKE has exchanged so far}
  Counters counters();

  /// {@return what happens from now on}
  Happenings happenings();

  /// {@return everything as of now}
  Snapshot status();

  /// {@return the SAs, newest first}
  List<Sa> sad();

  /// {@return the policies, newest first}
  List<SpdEntry> spd();

  /// {@return what shows packets and keys}
  Wiretap wiretap();

  /// {@return what would become of a packet}
  Traced trace(Direction direction, Probe packet);

  /// How a command ended.
  ///
  /// @param success whether what was asked for is so
  /// @param message for people; why not, where it is not
  record Outcome(boolean success, String message) {

    /// {@return that it is done}
    public static Outcome done(String message) {
      return new Outcome(true, message);
    }

    /// {@return that it could not be done}
    public static Outcome failed(String message) {
      return new Outcome(false, message);
    }
  }
}
