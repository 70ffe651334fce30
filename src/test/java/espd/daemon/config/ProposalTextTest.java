package espd.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import espd.ike.message.Proposal;
import espd.ike.message.Transform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProposalTextTest {

  private static final ProposalText.Pfs AS_NAMED = new ProposalText.Pfs(true, List.of());

  /// Numbers of IANA's registry: encr=1, prf=2, integ=3, dh=4, esn=5.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aes128-sha1-modp2048!          | 1:12/128 3:2 2:2 4:14
          3des-md5-modp1024!             | 1:3 3:1 2:1 4:2
          aes128-sha-modp1024!           | 1:12/128 3:2 2:2 4:2
          aes-128-sha1;modp1536!         | 1:12/128 3:2 2:2 4:5
          aes_256-sha2_512-ecp384!       | 1:12/256 3:14 2:7 4:20
          aes128gcm16-prfsha256-ecp256!  | 1:20/128 2:5 4:19
          aes256gcm128-sha384-x25519!    | 1:20/256 2:6 4:31
          aes_gcm256-sha2_512+sha2_256-dh19+dh31! | 1:20/256 2:7 2:5 4:19 4:31
          aes128-aes256-sha256-sha384-modp2048-modp3072! | 1:12/128 1:12/256 3:12 3:13 2:5 2:6 4:14 4:15
          aes128-sha256-prfsha512-curve25519! | 1:12/128 3:12 2:7 4:31
          AES192-SHA256-MODP4096!        | 1:12/192 3:12 2:5 4:16
          aes128-sha256-modp2048 !       | 1:12/128 3:12 2:5 4:14
          chacha20poly1305-prfsha256-ecp521! | 1:28 2:5 4:21
          aes256gcm16-prfsha384-x25519-ke1_mlkem768! | 1:20/256 2:6 4:31 6:36
          aes256gcm16-prfsha384-x25519-ke1_mlkem768-ke1_none! | 1:20/256 2:6 4:31 6:36 6:0
          aes256gcm16-prfsha384-ke2_mlkem512-ecp384-ke1_mlkem1024! | 1:20/256 2:6 4:20 6:37 7:35
          aes256gcm16-prfsha384-mlkem768-ke1_x448! | 1:20/256 2:6 4:36 6:32
          aes256gcm16-prfsha384-mlkem768-x25519-ke1_mlkem768! | 1:20/256 2:6 4:36 4:31 6:36
          AES256GCM16-PRFSHA384-X25519-KE7_NONE-KE1_NONE-KE2_NONE-KE3_NONE-KE4_NONE-KE5_NONE-KE6_NONE! | 1:20/256 2:6 4:31 6:0 7:0 8:0 9:0 10:0 11:0 12:0
          """)
  void readsProposalsOfIke(String text, String transforms) throws Unreadable {
    ProposalText read = ProposalText.ike(Optional.of(value(text)), Repertoire.TWO);
    assertEquals(1, read.proposals().size());
    assertEquals(Proposal.IKE, read.proposals().getFirst().protocol());
    assertEquals(transforms, text(read.proposals().getFirst()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aes128-sha1!              | 1:12/128 3:2 5:0
          3des-md5!                 | 1:3 3:1 5:0
          null-sha256!              | 1:11 3:12 5:0
          aes256-sha2_256!          | 1:12/256 3:12 5:0
          aes128gcm16!              | 1:20/128 5:0
          aes_gcm-null!             | 1:20/128 5:0
          aes_gcm_c-256-null!       | 1:20/256 5:0
          aes256gcm16-sha256!       | 1:20/256 5:0
          chacha20poly1305!         | 1:28 5:0
          aes128-sha256-modp2048!   | 1:12/128 3:12 5:0 4:14
          aes128-sha1;modp1024!     | 1:12/128 3:2 5:0 4:2
          aes128gcm16-esn-noesn!    | 1:20/128 5:1 5:0
          aes128-sha256-modpnone!   | 1:12/128 3:12 5:0
          aes256gcm16-x25519-ke1_mlkem768! | 1:20/256 6:36 5:0 4:31
          """)
  void readsProposalsOfEsp(String text, String transforms) throws Unreadable {
    ProposalText read = ProposalText.esp(Optional.of(value(text)), AS_NAMED, Repertoire.TWO);
    assertEquals(1, read.proposals().size());
    assertEquals(Proposal.ESP, read.proposals().getFirst().protocol());
    assertEquals(transforms, text(read.proposals().getFirst()));
  }

  @Test
  void proposesTheDefaultsToo() throws Unreadable {
    ProposalText read =
        ProposalText.ike(Optional.of(value("aes128-sha1-modp1024")), Repertoire.TWO);
    assertEquals(List.of(1, 2, 3), read.proposals().stream().map(Proposal::number).toList());
    assertEquals("1:12/128 3:2 2:2 4:2", text(read.proposals().getFirst()));
  }

  /// RFC 8247 §2 and RFC 8221 §5, §6: nothing by default that SHOULD NOT or MUST NOT be used.
  @Test
  void proposesNothingThatGoesOutOfUseByDefault() throws Unreadable {
    ProposalText ike = ProposalText.ike(Optional.empty(), Repertoire.TWO);
    ProposalText esp = ProposalText.esp(Optional.empty(), AS_NAMED, Repertoire.TWO);
    assertTrue(ike.notes().isEmpty() && esp.notes().isEmpty());
    for (Proposal proposal : ike.proposals()) {
      assertTrue(
          proposal.transforms().stream()
              .noneMatch(each -> each.type() == Transform.DH && each.id() < 14));
    }
  }

  @Test
  void addsGroupsForPerfectForwardSecrecyAndTakesThemAway() throws Unreadable {
    Transform group = Transform.of(Transform.DH, 19);
    Optional<Value> esp = Optional.of(value("aes128-sha1,aes128gcm16-modp2048!"));
    assertEquals(
        List.of("1:12/128 3:2 5:0 4:19", "1:20/128 5:0 4:14"),
        texts(ProposalText.esp(esp, new ProposalText.Pfs(true, List.of(group)), Repertoire.TWO)));
    assertEquals(
        List.of("1:12/128 3:2 5:0", "1:20/128 5:0"),
        texts(ProposalText.esp(esp, new ProposalText.Pfs(false, List.of()), Repertoire.TWO)));
  }

  /// RFC 9370 §2.2.1.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          aes256gcm16-prfsha384-x25519-ke2_mlkem768!              | ke1_ before ke2_
          aes256gcm16-prfsha384-x25519-ke1_mlkem768-ke3_mlkem512! | ke2_ before ke3_
          aes256gcm16-prfsha384-x25519-ke1_x25519!                | another method for each key exchange, or ke1_none
          aes256gcm16-prfsha384-x25519-ke1_mlkem768-ke2_mlkem768! | another method for each key exchange, or ke1_none
          aes256gcm16-prfsha384-x25519-ke8_mlkem768!              | ke1_ to ke7_ before the method of an additional key exchange
          aes256gcm16-prfsha384-x25519-ke1_kyber3!                | ke1_none, ke1_mlkem768 or another key exchange method after ke1_
          aes256gcm16-prfsha384-x25519-ke1_sha256!                | ke1_none, ke1_mlkem768 or another key exchange method after ke1_
          aes256gcm16-prfsha384-kyber768!                         | mlkem512, mlkem768 or mlkem1024
          """)
  void saysWhatIsWrongWithKeyExchanges(String text, String expected) {
    Unreadable unreadable =
        assertThrows(
            Unreadable.class, () -> ProposalText.ike(Optional.of(value(text)), Repertoire.TWO));
    assertEquals(expected, unreadable.problem().expected());
  }

  /// RFC 9370 §2.2.4: what is additional needs a first one.
  @Test
  void anAdditionalKeyExchangeOfEspNeedsAGroup() throws Unreadable {
    Optional<Value> esp = Optional.of(value("aes256gcm16-ke1_mlkem768!"));
    Unreadable unreadable =
        assertThrows(Unreadable.class, () -> ProposalText.esp(esp, AS_NAMED, Repertoire.TWO));
    assertEquals(
        "a group before ke1_, as x25519: ke1_ adds to its key exchange",
        unreadable.problem().expected());
    Transform group = Transform.of(Transform.DH, 19);
    assertEquals(
        List.of("1:20/256 6:36 5:0 4:19"),
        texts(ProposalText.esp(esp, new ProposalText.Pfs(true, List.of(group)), Repertoire.TWO)));
    assertEquals(
        List.of("1:20/256 5:0"),
        texts(ProposalText.esp(esp, new ProposalText.Pfs(false, List.of()), Repertoire.TWO)));
  }

  @Test
  void notesWhatGoesOutOfUse() throws Unreadable {
    assertEquals(
        List.of(
            "it names what is going out of use: HMAC-SHA1: MUST-, RFC 8247 §2.3, RFC 8221 §6",
            "it names what is going out of use: group 5 (modp1536): SHOULD NOT, RFC 8247 §2.4"),
        List.copyOf(
            ProposalText.ike(Optional.of(value("aes128-sha1-modp1536!")), Repertoire.TWO).notes()));
  }

  private static List<String> texts(ProposalText read) {
    return read.proposals().stream().map(ProposalTextTest::text).toList();
  }

  private static String text(Proposal proposal) {
    return proposal.transforms().stream()
        .map(
            each ->
                each.type()
                    + ":"
                    + each.id()
                    + (each.keyBits().isPresent() ? "/" + each.keyBits().getAsInt() : ""))
        .collect(Collectors.joining(" "));
  }

  private static Value value(String text) {
    return new Value(
        new Source(Path.of("x.conf"), text),
        text,
        IntStream.rangeClosed(0, text.length()).toArray());
  }
}
