package espd.daemon.config;

import espd.ike.IkeVersion;
import espd.ike.IkeVersion.One;
import espd.ike.IkeVersion.Phase1Mode;
import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a connection negotiates: `ike`, `esp`, `pfs` and `pfsgroup`.
///
/// @param settings of the connection
/// @param version of IKE
/// @param findings told what goes out of use
record AlgorithmsReader(Settings settings, IkeVersion version, Findings findings) {

  /// Proposals in the order of preference.
  record Proposals(List<Proposal> ike, List<Proposal> esp) {}

  /// {@return them; what cannot be read is a problem}
  Proposals read() {
    Repertoire repertoire = Repertoire.of(version);
    ProposalText none = new ProposalText(List.of(), Set.of());
    ProposalText ike =
        findings.tried(() -> ProposalText.ike(settings.value("ike"), repertoire), none);
    ProposalText.Pfs pfs =
        findings.tried(() -> pfs(ike.proposals()), new ProposalText.Pfs(true, List.of()));
    ProposalText esp =
        findings.tried(() -> ProposalText.esp(settings.value("esp"), pfs, repertoire), none);
    Set<String> notes = new LinkedHashSet<>();
    if (version instanceof One) {
      notes.add("it speaks IKEv1: deprecated, RFC 9395");
    }
    notes.addAll(ike.notes());
    notes.addAll(esp.notes());
    if (!notes.isEmpty()) {
      findings.warn(
          settings.value("ike").or(() -> settings.value("esp")).orElse(settings.name()).place(),
          "connection " + settings.name() + ": " + String.join("; ", notes));
    }
    return switch (version) {
      case IkeVersion.Two _ -> new Proposals(ike.proposals(), esp.proposals());
      case One(var modes, _, _, _) ->
          new Proposals(
              modes.contains(Phase1Mode.AGGRESSIVE) ? ofOneGroup(ike.proposals()) : ike.proposals(),
              ofOneGroup(esp.proposals()));
    };
  }

  private ProposalText.Pfs pfs(List<Proposal> ike) throws Unreadable {
    Optional<Value> pfs = settings.value("pfs");
    boolean wanted = pfs.isEmpty() || Units.truth(pfs.get());
    Optional<Value> named = settings.value("pfsgroup");
    if (named.isPresent()) {
      Transform group =
          Algorithm.of(named.get().text())
              .map(Algorithm::transform)
              .filter(each -> each.type() == Transform.DH && each.id() != 0)
              .orElseThrow(() -> new Unreadable(named.get(), "a group, as modp2048 or ecp256"));
      Repertoire.of(version).requireEsp(named.get(), List.of(group));
      return new ProposalText.Pfs(wanted, List.of(group));
    }
    return new ProposalText.Pfs(
        wanted, pfs.isEmpty() || ike.isEmpty() ? List.of() : groups(ike.getFirst()));
  }

  private static List<Transform> groups(Proposal proposal) {
    return proposal.transforms().stream().filter(each -> each.type() == Transform.DH).toList();
  }

  /// One message has one public value for all that is proposed: the first group is that of all, in
  /// aggressive mode (RFC 2409 §5) and in quick mode (RFC 2409 §5.5).
  private static List<Proposal> ofOneGroup(List<Proposal> proposals) {
    Optional<Transform> group =
        proposals.stream().flatMap(each -> groups(each).stream()).findFirst();
    if (group.isEmpty()) {
      return proposals;
    }
    List<Proposal> all = new ArrayList<>();
    for (Proposal each : proposals) {
      List<Transform> transforms = new ArrayList<>(each.transforms());
      transforms.removeIf(transform -> transform.type() == Transform.DH);
      transforms.add(group.get());
      all.add(new Proposal(each.number(), each.protocol(), each.spi(), transforms));
    }
    return all;
  }
}
