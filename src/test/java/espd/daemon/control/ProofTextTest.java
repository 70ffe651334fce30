package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import espd.ike.EapType;
import espd.ike.Identity;
import espd.ike.Proofs;
import espd.ike.Proofs.EapIdentity;
import espd.ike.Proofs.Proof;
import espd.ike.SignatureRule;
import espd.ike.eap.Identities;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// strongSwan's words for the ways in which ends prove who they are.
final class ProofTextTest {

  private static final Proof SECRET = new Proof.SharedKey();
  private static final Proof SIGNATURE = new Proof.Signature(SignatureRule.ANY);

  private static Proof eap(EapIdentity identity) {
    return new Proof.Eap(List.of(EapType.MSCHAPV2), identity);
  }

  @Test
  void statusSaysWhatAnEndUses() {
    assertEquals("uses pre-shared key authentication", new ProofText(SECRET).uses());
    assertEquals("uses public key authentication", new ProofText(SIGNATURE).uses());
    assertEquals(
        "uses EAP_MSCHAPV2 authentication with EAP identity '%any'",
        new ProofText(eap(new EapIdentity.Asked())).uses());
    assertEquals(
        "uses EAP_MSCHAPV2 authentication with EAP identity 'carol'",
        new ProofText(eap(new EapIdentity.Named(Identities.octets("carol")))).uses());
  }

  @Test
  void eapTlsShowsWhoTheServerIs() {
    Proofs.Tls tls =
        new Proofs.Tls(
            SignatureRule.ANY, SignatureRule.ANY, Optional.of(Identity.ofName("aaa.example")));
    Proof proof = new Proof.Eap(List.of(EapType.TLS), new EapIdentity.Asked(), tls);
    assertEquals(
        "uses EAP_TLS authentication with EAP identity '%any'", new ProofText(proof).uses());
    assertEquals(
        Section.builder()
            .text("class", "EAP")
            .text("id", "a")
            .text("eap-type", "EAP_TLS")
            .text("eap_id", "%any")
            .text("aaa_id", "aaa.example")
            .build(),
        new ProofText(proof).section("a"));
  }

  @Test
  void viciHasAClassForEach() {
    assertEquals(
        Section.builder().text("class", "pre-shared key").text("id", "a").build(),
        new ProofText(SECRET).section("a"));
    assertEquals(
        Section.builder().text("class", "public key").text("id", "a").build(),
        new ProofText(SIGNATURE).section("a"));
    assertEquals(
        Section.builder()
            .text("class", "EAP")
            .text("id", "a")
            .text("eap-type", "EAP_MSCHAPV2")
            .build(),
        new ProofText(eap(new EapIdentity.OfIke())).section("a"));
  }
}
