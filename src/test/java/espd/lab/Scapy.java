package espd.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Scapy's own ESP: it decrypts what was captured, and makes packets to send from a host.
public final class Scapy {

  // The system's Python has Debian's scapy, whatever comes first in PATH.
  private static final String PYTHON = "/usr/bin/python3";

  /// What is done to a packet before it is sent.
  public enum Damage {
    /// Nothing.
    NONE,
    /// One bit in its middle is the other one.
    FLIP,
    /// It ends after ten octets of ESP.
    TRUNCATE,
    /// The last bit of its SPI is the other one.
    SPI
  }

  private final Host host;
  private final Path script;

  /// @param host where packets are sent from
  public Scapy(Host host) {
    this.host = host;
    this.script = host.directory().resolve("esp.py");
    Pki.write(script, Resource.text("esp.py"));
  }

  /// {@return a line for each ESP packet of a capture: SPI, sequence number, and what is inside, or
  /// `BAD`}
  ///
  /// @param sas with their keys
  public List<String> decrypt(Path capture, List<SadEntry> sas) {
    String associations = sas.stream().map(Scapy::json).collect(Collectors.joining(","));
    return run("{\"do\":\"decrypt\",\"capture\":\"%s\",\"sas\":[%s]}"
            .formatted(capture, associations))
        .out()
        .lines()
        .toList();
  }

  /// Sends one echo request under an SA of this host.
  public void ping(SadEntry sa, long sequence, Damage damage, Host to) {
    run(
        "{\"do\":\"ping\",\"sa\":%s,\"sequence\":%d,\"damage\":\"%s\",\"mac\":\"%s\"}"
            .formatted(
                json(sa), sequence, damage.name().toLowerCase(Locale.ROOT), to.macAddress()));
  }

  /// Sends every ESP packet of this host in a capture once more.
  public void replay(Path capture, Host to) {
    run(
        "{\"do\":\"replay\",\"capture\":\"%s\",\"from\":\"%s\",\"mac\":\"%s\"}"
            .formatted(capture, host.address(), to.macAddress()));
  }

  private Output run(String task) {
    return host.run(PYTHON, script.toString(), task).succeeded();
  }

  private static String json(SadEntry sa) {
    return """
    {"from":"%s","to":"%s","mode":"%s","spi":"%s","cipher":"%s","cipherKey":"%s",\
    "authenticator":"%s","authenticatorKey":"%s"}\
    """
        .formatted(
            sa.from(),
            sa.to(),
            sa.mode(),
            sa.spi(),
            sa.cipher(),
            sa.cipherKey(),
            sa.authenticator(),
            sa.authenticatorKey());
  }
}
