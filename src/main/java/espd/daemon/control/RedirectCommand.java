package espd.daemon.control;

import espd.daemon.control.Snapshot.IkeSa;
import espd.ike.message.Gateway;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `redirect`: clients go to another gateway (RFC 5685 §5). Those are meant that everything fits
/// which the request names: `ike`, `ike-id`, `peer-ip` (an address, a prefix or a range) and
/// `peer-id` (in which `*` stands for anything).
///
/// @param operations the daemon
record RedirectCommand(Operations operations) implements ViciCommand {

  @Override
  public Section perform(Section request, Events events) {
    Optional<String> gateway = request.text("gateway");
    SaFilter ike =
        new SaFilter(
            request.text("ike"), request.text("ike-id"), Optional.empty(), Optional.empty());
    Optional<String> address = request.text("peer-ip");
    Optional<String> identity = request.text("peer-id");
    if (gateway.isEmpty()) {
      return ViciAnswers.refusal("missing target gateway");
    }
    if (!ike.namesSomething() && address.isEmpty() && identity.isEmpty()) {
      return ViciAnswers.refusal("missing redirect selector: ike, ike-id, peer-ip or peer-id");
    }
    Gateway target;
    Predicate<Ipv6Address> there;
    try {
      target = Gateway.parse(gateway.get());
      there = address.map(RedirectCommand::addresses).orElse(any -> true);
    } catch (IllegalArgumentException e) {
      return ViciAnswers.refusal(String.valueOf(e.getMessage()));
    }
    Predicate<String> named = identity.map(RedirectCommand::identities).orElse(any -> true);
    Set<Integer> ids =
        operations.status().ikeSas().stream()
            .filter(IkeSa::isUp)
            .filter(ike::fits)
            .filter(ikeSa -> there.test(ikeSa.remote().address()))
            .filter(ikeSa -> named.test(ikeSa.remote().identity()))
            .map(IkeSa::id)
            .collect(Collectors.toSet());
    operations.redirect(ids, target);
    Section.Builder answer = Section.builder().text("success", ids.isEmpty() ? "no" : "yes");
    answer.text("matches", ids.size());
    if (ids.isEmpty()) {
      answer.text("errmsg", "no matching SAs to redirect found");
    }
    return answer.build();
  }

  /// @throws IllegalArgumentException when it is neither an address nor several
  private static Predicate<Ipv6Address> addresses(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return AddressRange.parse(text)::contains;
    }
    Ipv6Address first = AddressRange.parse(text.substring(0, dash)).first();
    Ipv6Address last = AddressRange.parse(text.substring(dash + 1)).first();
    return new AddressRange(first, last)::contains;
  }

  private static Predicate<String> identities(String text) {
    if (text.equals("%any")) {
      return any -> true;
    }
    String pattern =
        Pattern.compile("\\*")
            .splitAsStream(text + " ")
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    Pattern whole = Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
    return identity -> whole.matcher(identity + " ").matches();
  }
}
