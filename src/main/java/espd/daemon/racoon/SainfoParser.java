package espd.daemon.racoon;

import espd.daemon.config.Findings;
import espd.daemon.config.Place;
import espd.daemon.config.Unreadable;
import espd.daemon.config.Value;
import espd.daemon.racoon.Token.Kind;
import espd.spd.AddressRange;
import espd.spd.Ipv6Address;
import espd.spd.PortRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// `sainfo ID ID [from …] { … }`, behind its first word.
final class SainfoParser {

  private static final List<String> CIPHERS =
      List.of(
          "des",
          "des_iv64",
          "des_iv32",
          "3des",
          "rc5",
          "idea",
          "3idea",
          "cast128",
          "blowfish",
          "rc4",
          "null",
          "null_enc",
          "twofish",
          "rijndael",
          "aes",
          "camellia");
  private static final List<String> INTEGRITY =
      List.of(
          "hmac_md5",
          "hmac_sha1",
          "hmac_sha256",
          "hmac_sha384",
          "hmac_sha512",
          "hmac_sha2_256",
          "hmac_sha2_384",
          "hmac_sha2_512",
          "non_auth",
          "des_mac",
          "kpdk");
  private static final List<String> COMPRESSION = List.of("deflate", "oui", "lzs");
  private static final List<String> ID_TYPES =
      List.of("address", "subnet", "fqdn", "user_fqdn", "keyid", "asn1dn");
  private static final int MOST_PROTOCOL = 255;

  private final Tokens tokens;
  private final Findings findings;
  private final Place place;
  private Optional<Cipher> pfsGroup = Optional.empty();
  private OptionalInt remoteId = OptionalInt.empty();
  private Duration lifetime = Sainfo.LIFETIME;
  private List<Cipher> encryption = List.of();
  private List<Cipher> authentication = List.of();
  private List<Cipher> compression = List.of();

  SainfoParser(Tokens tokens, Findings findings, Place place) {
    this.tokens = tokens;
    this.findings = findings;
    this.place = place;
  }

  /// {@return the sainfo; incomplete where something in it cannot be read, as was said}
  Sainfo read() throws Unreadable {
    int problems = findings.problemCount();
    SainfoId local = id();
    SainfoId remote =
        local instanceof SainfoId.Anonymous && isAtParameters() ? new SainfoId.Anonymous() : id();
    Optional<Identifier> from = from();
    tokens.expect(Kind.OPEN, "anonymous, an address or {");
    while (!tokens.isAt(Kind.CLOSE) && !tokens.isAt(Kind.END)) {
      try {
        item(tokens.next());
      } catch (Unreadable e) {
        findings.problem(e);
        tokens.skip();
      }
    }
    tokens.expect(Kind.CLOSE, "} at the end of the sainfo");
    Sainfo read =
        new Sainfo(
            place,
            local,
            remote,
            from,
            pfsGroup,
            remoteId,
            lifetime,
            encryption,
            authentication,
            compression.stream().anyMatch(each -> each.word().text().equals("deflate")));
    if (findings.problemCount() == problems) {
      reportMissing(read);
    }
    return read;
  }

  private void reportMissing(Sainfo read) {
    Map<String, List<Cipher>> required = new LinkedHashMap<>();
    required.put("encryption_algorithm", encryption);
    required.put("authentication_algorithm", authentication);
    required.put("compression_algorithm", compression);
    required.forEach(
        (name, ciphers) -> {
          if (ciphers.isEmpty()) {
            findings.problem(place, "sainfo " + read.name() + " without " + name, name + " in it");
          }
        });
  }

  private boolean isAtParameters() {
    return tokens.isAt(Kind.OPEN) || tokens.peek().is("from") || tokens.peek().is("group");
  }

  private SainfoId id() throws Unreadable {
    if (tokens.accept("anonymous")) {
      return new SainfoId.Anonymous();
    }
    if (tokens.accept("clientaddr")) {
      return new SainfoId.ClientAddress();
    }
    if (!tokens.isAt(Kind.WORD) || !ID_TYPES.contains(tokens.peek().text())) {
      throw tokens.unexpected("anonymous, address ADDRESS PROTOCOL or subnet ADDRESS/N PROTOCOL");
    }
    String type = tokens.next().text();
    return tokens.isAt(Kind.STRING)
        ? new SainfoId.Named(type, tokens.string("a name"))
        : addresses();
  }

  private SainfoId addresses() throws Unreadable {
    Token first = tokens.peek();
    Ipv6Address address = tokens.address("an address, or a name in quotes");
    AddressRange range = range(first, address);
    PortRange ports = PortRange.ANY;
    if (!tokens.accept("[any]")) {
      OptionalInt port = tokens.port();
      ports = port.isPresent() && port.getAsInt() > 0 ? PortRange.of(port.getAsInt()) : ports;
    }
    return new SainfoId.Addresses(range, ports, protocol());
  }

  private AddressRange range(Token first, Ipv6Address address) throws Unreadable {
    if (tokens.isAt(Kind.RANGE)) {
      Value last = tokens.next().value();
      try {
        return new AddressRange(address, Tokens.address(last, "the last address of the range"));
      } catch (IllegalArgumentException e) {
        throw new Unreadable(last, "the last address of the range");
      }
    }
    if (!tokens.isAt(Kind.PREFIX)) {
      return AddressRange.of(address);
    }
    Value length = tokens.next().value();
    try {
      return AddressRange.prefix(address, Integer.parseInt(length.text()));
    } catch (IllegalArgumentException e) {
      throw new Unreadable(
          length, "a prefix length that fits " + first.text() + ", as /128 or of IPv4 /32");
    }
  }

  private int protocol() throws Unreadable {
    String expected = "a protocol: any, tcp, udp, icmp6, … or its number";
    if (tokens.isAt(Kind.NUMBER)) {
      Token token = tokens.peek();
      int number = tokens.number(expected);
      if (number > MOST_PROTOCOL) {
        throw new Unreadable(token.value(), expected);
      }
      return number;
    }
    if (!tokens.isAt(Kind.WORD)) {
      throw tokens.unexpected(expected);
    }
    int protocol =
        switch (tokens.peek().text()) {
          case "any" -> 0;
          case "icmp" -> 1;
          case "tcp" -> 6;
          case "udp" -> 17;
          case "gre" -> 47;
          case "esp" -> 50;
          case "ah" -> 51;
          case "icmp6" -> 58;
          case "ipcomp" -> 108;
          default -> throw tokens.unexpected(expected);
        };
    tokens.next();
    return protocol;
  }

  private Optional<Identifier> from() throws Unreadable {
    Token here = tokens.peek();
    if (tokens.accept("from")) {
      return Optional.of(tokens.identifier(here.value()));
    }
    if (tokens.accept("group")) {
      tokens.string("the name of a group");
      throw new Unreadable(here.value(), "no group: there is no XAUTH to be member of one by");
    }
    return Optional.empty();
  }

  private void item(Token word) throws Unreadable {
    switch (word.text()) {
      case "pfs_group" -> {
        pfsGroup = Optional.of(tokens.group());
        tokens.end();
      }
      case "remoteid" -> {
        remoteId = OptionalInt.of(tokens.number("the ph1id of a remote"));
        tokens.end();
      }
      case "my_identifier" -> {
        tokens.identifier(word.value());
        tokens.end();
        findings.warn(word.place(), "my_identifier of a sainfo is ignored: the remote has one");
      }
      case "lifetime" -> lifetime = tokens.lifetime();
      case "encryption_algorithm" -> encryption = ciphers(CIPHERS);
      case "authentication_algorithm" -> authentication = ciphers(INTEGRITY);
      case "compression_algorithm" -> compression = ciphers(COMPRESSION);
      default ->
          throw new Unreadable(
              word.word(),
              "pfs_group, remoteid, lifetime, encryption_algorithm, authentication_algorithm or"
                  + " compression_algorithm");
    }
  }

  private List<Cipher> ciphers(List<String> words) throws Unreadable {
    List<Cipher> ciphers = new ArrayList<>();
    do {
      ciphers.add(tokens.cipher(words));
    } while (tokens.accept(Kind.COMMA));
    tokens.end();
    return ciphers;
  }
}
