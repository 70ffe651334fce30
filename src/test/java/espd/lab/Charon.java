package espd.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// strongSwan on a host: IKEv2 with a PSK, ESP in UDP and tunnel mode by its own userspace
/// implementation (the plugin kernel-libipsec, with a TUN device `ipsec0`). Its connection is
/// `peer`, its Child SA `net`.
public final class Charon implements AutoCloseable {

  private final Host host;
  private final Running daemon;

  private Charon(Host host) {
    this.host = host;
    // The pid file's directory is compiled in, so each daemon has a /run of its own.
    this.daemon =
        host.start(
            "charon",
            "unshare",
            "-m",
            "sh",
            "-c",
            "mount -t tmpfs none /run && exec env STRONGSWAN_CONF="
                + host.directory().resolve("strongswan.conf")
                + " /usr/lib/ipsec/charon");
  }

  /// Starts a charon and loads its connection.
  ///
  /// @param lab that ends it after the test
  /// @param host where it runs
  /// @param remote its peer
  /// @param settings what differs from the usual: `ike` and `esp`, strongSwan's proposal strings;
  ///   `secret`; `fragment`, the octets of its largest packets of IKE; `mobike`; `version`, of IKE;
  ///   `tls`, its newest version of TLS; `signatures`, whether it takes those of RFC 7427; `here`
  ///   and `there`, where the two are; `local_auth` and `remote_auth`, with what else such a
  ///   section has; `local_ts` and `remote_ts`, what is behind them; and further lines of
  ///   `swanctl.conf`: of the `connection`, of its `children`, of the `secrets`, and beside all
  ///   (`more`); and `options`, further lines of `strongswan.conf`
  public static Charon start(Lab lab, Host host, Host remote, Map<String, String> settings) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("more", "");
    values.put("connection", "");
    values.put("options", "");
    values.put("children", "");
    values.put("directory", host.directory().toString());
    values.put("local", host.address());
    values.put("remote", remote.address());
    values.put("here", host.address());
    values.put("there", remote.address());
    values.put("local_ts", host.address() + "/128");
    values.put("remote_ts", remote.address() + "/128");
    values.put("secret", Espd.SECRET);
    values.put("local_auth", "psk");
    values.put("remote_auth", "psk");
    values.put("secrets", "");
    values.put("ike", "default");
    values.put("esp", "default");
    values.put("fragment", "1280");
    values.put("version", "2");
    values.put("tls", "1.2");
    values.put("mobike", "yes");
    values.put("signatures", "yes");
    values.putAll(settings);
    for (String file : new String[] {"strongswan.conf", "swanctl.conf"}) {
      String text = Resource.text(file);
      for (Map.Entry<String, String> value : values.entrySet()) {
        text = text.replace("@" + value.getKey().toUpperCase(Locale.ROOT) + "@", value.getValue());
      }
      Pki.write(host.directory().resolve(file), text);
    }
    Path socket = host.directory().resolve("vici");
    forget(socket);
    Charon charon = lab.closing(new Charon(host));
    Running.await("charon is up", Duration.ofSeconds(20), () -> Files.exists(socket));
    charon.load();
    return charon;
  }

  /// One that an earlier charon of this host left is no sign that the next one is up.
  private static void forget(Path socket) {
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Has it take over what its files say now.
  private void load() {
    swanctl("--load-all").succeeded();
  }

  /// Runs a command to it, with the files in the host's directory.
  public Output swanctl(String command, String... arguments) {
    String[] words =
        Stream.of(
                Stream.of("env", "SWANCTL_DIR=" + host.directory(), "swanctl", command),
                Stream.of("--uri", "unix://" + host.directory() + "/vici"),
                Stream.of(arguments))
            .flatMap(s -> s)
            .toArray(String[]::new);
    return host.run(words);
  }

  /// Negotiates its connection.
  public Output initiate() {
    return swanctl("--initiate", "--child", "net").succeeded();
  }

  /// {@return its SAs, as swanctl prints them}
  public String sas() {
    return swanctl("--list-sas").succeeded().out();
  }

  /// {@return the newest SPI of its SAs of ESP, as `0x%08x`}
  ///
  /// @param direction `in` or `out`
  public String spi(String direction) {
    return sas()
        .lines()
        .map(String::trim)
        .filter(line -> line.startsWith(direction + " "))
        .map(line -> "0x" + line.replaceAll("^\\w+ +", "").substring(0, 8))
        .reduce((earlier, later) -> later)
        .orElse("none");
  }

  /// {@return its process}
  public Running daemon() {
    return daemon;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
