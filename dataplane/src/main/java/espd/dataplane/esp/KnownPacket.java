package espd.dataplane.esp;

import espd.spd.Encryption;
import espd.spd.EspSuite;
import espd.spd.Integrity;
import espd.spd.SaParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;

/// An ESP packet whose octets have been published, with its key.
///
/// @param source where
/// @param suite an AEAD
/// @param key with its salt, in hexadecimal
/// @param number the whole sequence number
/// @param packet from the SPI to the ICV, in hexadecimal
/// @param plain its encrypted part, in hexadecimal
record KnownPacket(
    String source, EspSuite suite, String key, long number, String packet, String plain) {

  /// One of each key length of AES-GCM, and one of ChaCha20-Poly1305.
  static final List<KnownPacket> ALL =
      List.of(
          new KnownPacket(
              "draft-mcgrew-gcm-test-01 §4, the one with an extended number",
              new EspSuite(Encryption.AES_GCM_16, 128, Integrity.NONE),
              "4c80cdefbb5d10da906ac73c3613a6342e443b68",
              0x8765432100000000L,
              "00004321000000004956ed7e3b244cfefecf537e729d5b07dc30df528dd22b768d1b98736696"
                  + "a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb7"
                  + "86b93bce61bc17d768fd9732459018148f6cbe722fd04796562dfdb4",
              "45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f"
                  + "736970045f756470037369700963796265726369747902646b000021000101020201"),
          new KnownPacket(
              "draft-mcgrew-gcm-test-01 §4, the one with 192 bits",
              new EspSuite(Encryption.AES_GCM_16, 192, Integrity.NONE),
              "feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe",
              0xaL,
              "0000a5f80000000afacedbaddecaf888a5b1f8066029aea40e598b8122de02420938b3ab33f8"
                  + "28e687b8858b5bfbdbd0315b27452144cc7795457b9652037f5318027b5b4cd7a636",
              "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d07568"
                  + "0001"),
          new KnownPacket(
              "draft-mcgrew-gcm-test-01 §4, the one with 256 bits",
              new EspSuite(Encryption.AES_GCM_16, 256, Integrity.NONE),
              "abbccddef00112233445566778899aababbccddef00112233445566778899aab11223344",
              0x2L,
              "4a2cbfe3000000020102030405060708ff425c9b724599df7a3bcd510194e00d6a78107f1b0b"
                  + "1cbf06efae9d65a5d763748a637985771d347f0545659f14e99def842d8eb335f4eecfdbf831"
                  + "824b4c4915956c96",
              "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf"
                  + "0000020405b40101040201020201"),
          new KnownPacket(
              "RFC 7634 Appendix A",
              new EspSuite(Encryption.CHACHA20_POLY1305, 256, Integrity.NONE),
              "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3",
              0x5L,
              "0102030400000005101112131415161724039428b97f417e3c13753a4f05087b67c352e6a7fa"
                  + "b1b982d466ef407ae5c614ee8099d52844eb61aa95dfab4c02f72aa71e7c4c4f64c9befe2fac"
                  + "c638e8f3cbec163fac469b502773f6fb94e664da9165b82829f641e076aaa8266b7fb0f7b11b"
                  + "369907e1ad43",
              "45000054a6f200004001e778c6336405c000020508005b7a3a080000553bec10000736270809"
                  + "0a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f"
                  + "303132333435363701020204"));

  /// {@return whether the engine opens it}
  boolean isOpenedBy(EspEngine engine) {
    HexFormat hex = HexFormat.of();
    byte[] octets = hex.parseHex(packet);
    boolean esn = Long.compareUnsigned(number, 0xffff_ffffL) > 0;
    SaParameters sa = SelfTest.sa(suite, esn, hex.parseHex(key), new byte[0]);
    try (Arena arena = Arena.ofConfined();
        EspCipher cipher = engine.opening(sa)) {
      MemorySegment memory = arena.allocate(octets.length);
      memory.copyFrom(MemorySegment.ofArray(octets));
      EspRun run = new EspRun(1);
      run.begin(memory);
      run.add(0, octets.length, number);
      cipher.process(run);
      int from = EspHeader.OCTETS + suite.encryption().ivOctets();
      byte[] opened = memory.toArray(ValueLayout.JAVA_BYTE);
      return run.authentic[0]
          && hex.formatHex(opened, from, octets.length - suite.icvOctets()).equals(plain);
    }
  }
}
