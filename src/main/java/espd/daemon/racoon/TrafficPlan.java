package espd.daemon.racoon;

import espd.daemon.config.Algorithm;
import espd.daemon.config.Findings;
import espd.daemon.config.Unreadable;
import espd.ike.Connection.Rekeying;
import espd.ike.ConnectionBuilder;
import espd.ike.Identity;
import espd.ike.message.Bytes;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import espd.spd.Selector;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a `sainfo` says of phase 2, in the words of a connection.
///
/// @param sainfo that says it
/// @param from whom the peer has to be
/// @param proposals one, of all algorithms
/// @param lifetime of the SAs
/// @param notes what goes out of use
record TrafficPlan(
    Sainfo sainfo,
    Optional<Identity> from,
    List<Proposal> proposals,
    Rekeying lifetime,
    Set<String> notes) {

  /// racoon's window, in packets, as Linux has it.
  private static final int REPLAY_WINDOW = 4;

  /// {@return a plan; nothing where it cannot be, as was said}
  static Optional<TrafficPlan> of(Sainfo sainfo, Findings findings) {
    try {
      Set<String> notes = new LinkedHashSet<>();
      List<Transform> transforms = new ArrayList<>();
      transforms.addAll(known(sainfo.encryption(), "aes, 3des or null", findings, notes));
      transforms.addAll(
          known(
              sainfo.authentication(),
              "hmac_md5, hmac_sha1, hmac_sha256, hmac_sha384 or hmac_sha512",
              findings,
              notes));
      if (sainfo.pfsGroup().isPresent()) {
        transforms.addAll(
            known(List.of(sainfo.pfsGroup().get()), "2, 5 or 14 to 18", findings, notes));
      }
      transforms.add(Transform.of(Transform.ESN, Transform.NONE));
      Optional<Identity> from =
          sainfo.from().isPresent() ? Identities.read(sainfo.from().get()) : Optional.empty();
      return Optional.of(
          new TrafficPlan(
              sainfo,
              from,
              List.of(new Proposal(1, Proposal.ESP, Bytes.EMPTY, transforms)),
              PeerPlan.rekeying(sainfo.lifetime(), true),
              notes));
    } catch (Unreadable e) {
      findings.problem(e);
      return Optional.empty();
    }
  }

  /// {@return those that espd has; of the others a warning tells, or an error where there are no
  /// more}
  private static List<Transform> known(
      List<Cipher> named, String expected, Findings findings, Set<String> notes) throws Unreadable {
    List<Transform> known = new ArrayList<>();
    List<Cipher> unknown = new ArrayList<>();
    for (Cipher each : named) {
      Optional<Algorithm> algorithm = each.algorithm();
      algorithm.ifPresentOrElse(
          found -> {
            note(found, notes);
            known.add(found.transform());
          },
          () -> unknown.add(each));
    }
    if (known.isEmpty()) {
      Cipher first = unknown.getFirst();
      throw new Unreadable(first.word().place(), '"' + first.text() + '"', expected);
    }
    for (Cipher each : unknown) {
      findings.warn(
          each.word().place(), each.text() + " is not proposed: there is only " + expected);
    }
    return known;
  }

  static void note(Algorithm algorithm, Set<String> notes) {
    if (!algorithm.advice().isEmpty()) {
      notes.add("it names what is going out of use: " + algorithm.advice());
    }
  }

  /// Sets what phase 2 is about.
  void into(ConnectionBuilder builder) {
    builder.espProposals(proposals).childLifetime(lifetime).replayWindow(REPLAY_WINDOW);
  }

  /// {@return whether it is for these packets}
  boolean isFor(Selector packets) {
    return isFor(sainfo.local(), packets, true) && isFor(sainfo.remote(), packets, false);
  }

  private static boolean isFor(SainfoId id, Selector packets, boolean local) {
    return switch (id) {
      case SainfoId.Anonymous() -> true;
      case SainfoId.ClientAddress() -> false;
      case SainfoId.Named _ -> false;
      case SainfoId.Addresses(var addresses, var ports, int protocol) ->
          addresses.contains(local ? packets.local() : packets.remote())
              && ports.contains(local ? packets.localPorts() : packets.remotePorts())
              && (protocol == Selector.ANY_PROTOCOL || protocol == packets.protocol());
    };
  }

  /// {@return how particular it is: ends that it names come before those that it does not, and a
  /// peer that it names before any}
  int rank() {
    int ends =
        (sainfo.local() instanceof SainfoId.Anonymous ? 0 : 2)
            + (sainfo.remote() instanceof SainfoId.Anonymous ? 0 : 2);
    return ends + (from.isPresent() ? 1 : 0);
  }
}
