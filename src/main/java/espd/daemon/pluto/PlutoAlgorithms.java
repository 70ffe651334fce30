package espd.daemon.pluto;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// Algorithms as pluto's status shows them: by IKEv1's numbers, which pluto has for all versions.
final class PlutoAlgorithms {

  /// An algorithm of IKEv1's registries.
  ///
  /// @param id its number
  /// @param name pluto's
  /// @param bits of a hash's key or result, or the least of a cipher's key
  /// @param most of a cipher's key
  private record Known(int id, String name, int bits, int most) {}

  private static final Map<Integer, Known> OAKLEY_ENCRYPT =
      Map.of(
          3, new Known(5, "OAKLEY_3DES_CBC", 192, 192),
          12, new Known(7, "OAKLEY_AES_CBC", 128, 256));

  private static final Map<Integer, Known> OAKLEY_HASH =
      Map.of(
          1, new Known(1, "OAKLEY_MD5", 128, 128),
          2, new Known(2, "OAKLEY_SHA1", 160, 160),
          12, new Known(4, "OAKLEY_SHA2_256", 256, 256),
          13, new Known(5, "OAKLEY_SHA2_384", 384, 384),
          14, new Known(6, "OAKLEY_SHA2_512", 512, 512));

  private static final Map<Integer, Known> ESP_ENCRYPT =
      Map.of(
          3, new Known(3, "ESP_3DES", 192, 192),
          11, new Known(11, "ESP_NULL", 0, 0),
          12, new Known(12, "ESP_AES", 128, 256),
          20, new Known(20, "ESP_AES_GCM_C", 128, 256));

  private static final Map<Integer, Known> ESP_AUTH =
      Map.of(
          1, new Known(1, "AUTH_ALGORITHM_HMAC_MD5", 128, 128),
          2, new Known(2, "AUTH_ALGORITHM_HMAC_SHA1", 160, 160),
          12, new Known(5, "AUTH_ALGORITHM_HMAC_SHA2_256", 256, 256),
          13, new Known(6, "AUTH_ALGORITHM_HMAC_SHA2_384", 384, 384),
          14, new Known(7, "AUTH_ALGORITHM_HMAC_SHA2_512", 512, 512));

  /// Groups and the bits of their elements.
  private static final Map<Integer, Integer> GROUPS =
      Map.of(2, 1024, 5, 1536, 14, 2048, 15, 3072, 16, 4096, 17, 6144, 18, 8192);

  private PlutoAlgorithms() {}

  /// {@return the lines about what there is}
  static List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        each(
            ESP_ENCRYPT,
            "algorithm ESP encrypt: id=%d, name=%s, ivlen=%d, keysizemin=%d, keysizemax=%d",
            (id, known) ->
                new Object[] {
                  known.id, known.name, id == 11 ? 0 : id == 12 ? 128 : 64, known.bits, known.most
                }));
    lines.addAll(
        each(
            ESP_AUTH,
            "algorithm ESP auth attr: id=%d, name=%s, keysizemin=%d, keysizemax=%d",
            (id, known) -> new Object[] {known.id, known.name, known.bits, known.most}));
    lines.addAll(
        each(
            OAKLEY_ENCRYPT,
            "algorithm IKE encrypt: id=%d, name=%s, blocksize=%d, keydeflen=%d",
            (id, known) -> new Object[] {known.id, known.name, id == 3 ? 8 : 16, known.bits}));
    lines.addAll(
        each(
            OAKLEY_HASH,
            "algorithm IKE hash: id=%d, name=%s, hashsize=%d",
            (id, known) -> new Object[] {known.id, known.name, known.bits / 8}));
    GROUPS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(
            group ->
                "algorithm IKE dh group: id=%d, name=OAKLEY_GROUP_MODP%d, bits=%d"
                    .formatted(group.getKey(), group.getValue(), group.getValue()))
        .forEach(lines::add);
    return lines;
  }

  private static List<String> each(
      Map<Integer, Known> table, String format, BiFunction<Integer, Known, Object[]> values) {
    return table.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> format.formatted(values.apply(entry.getKey(), entry.getValue())))
        .toList();
  }

  /// {@return what an IKE SA may have: `7_128-2-2, …`}
  static String ikeWanted(List<Proposal> proposals) {
    return combined(proposals, OAKLEY_ENCRYPT, OAKLEY_HASH, false);
  }

  /// {@return the same with the bits of hashes: `7_128-2_160-2, …`}
  static String ikeFound(List<Proposal> proposals) {
    return combined(proposals, OAKLEY_ENCRYPT, OAKLEY_HASH, true);
  }

  /// {@return what Child SAs may have: `12_128-2, …`}
  static String espWanted(List<Proposal> proposals) {
    return combined(proposals, ESP_ENCRYPT, ESP_AUTH, false);
  }

  /// {@return the same with the bits of hashes}
  static String espLoaded(List<Proposal> proposals) {
    return combined(proposals, ESP_ENCRYPT, ESP_AUTH, true);
  }

  private static String combined(
      List<Proposal> proposals,
      Map<Integer, Known> ciphers,
      Map<Integer, Known> hashes,
      boolean bits) {
    List<String> all = new ArrayList<>();
    for (Proposal proposal : proposals) {
      List<String> authentication =
          of(proposal, Transform.INTEG).stream()
              .map(each -> Optional.ofNullable(hashes.get(each.id())))
              .flatMap(Optional::stream)
              .map(known -> known.id + (bits ? "_" + known.bits : ""))
              .toList();
      List<String> groups =
          proposal.protocol() == Proposal.IKE
              ? of(proposal, Transform.DH).stream().map(each -> "-" + each.id()).toList()
              : List.of("");
      for (Transform cipher : of(proposal, Transform.ENCR)) {
        Optional<Known> known = Optional.ofNullable(ciphers.get(cipher.id()));
        String text =
            known.map(k -> k.id).orElse(cipher.id())
                + "_%03d".formatted(cipher.keyBits().orElse(0));
        for (String hash : authentication.isEmpty() ? List.of("0") : authentication) {
          groups.forEach(group -> all.add(text + "-" + hash + group));
        }
      }
    }
    return String.join(", ", all);
  }

  private static List<Transform> of(Proposal proposal, int type) {
    return proposal.transforms().stream().filter(each -> each.type() == type).toList();
  }

  /// {@return the group of quick mode: `<Phase1>` where it is that of phase 1, `<N/A>` without}
  static String pfsGroup(List<Proposal> ike, List<Proposal> esp) {
    Optional<Transform> own = group(esp);
    if (own.isEmpty()) {
      return "<N/A>";
    }
    Optional<Integer> bits = Optional.ofNullable(GROUPS.get(own.get().id()));
    return own.equals(group(ike))
        ? "<Phase1>"
        : bits.map(each -> "MODP" + each).orElse("group " + own.get().id());
  }

  private static Optional<Transform> group(List<Proposal> proposals) {
    return proposals.stream().flatMap(each -> of(each, Transform.DH).stream()).findFirst();
  }
}
