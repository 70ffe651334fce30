package espd.daemon.cli;

import espd.daemon.setkey.KeptPolicies;
import espd.dataplane.esp.EngineChoice;
import espd.ike.exchange.Retransmission;
import espd.spd.Ipv6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What `espd run` was told.
///
/// @param configs the configuration files, none where connections come by the control socket
/// @param listen addresses to speak IKE and ESP at, besides those of the connections
/// @param control the control socket
/// @param metrics where metrics are served over HTTP, or nowhere
/// @param tun the name of the TUN device
/// @param crypto whose ciphers protect packets
/// @param inboundCleartext what becomes of packets that are not protected and have to be
/// @param keylog the folder that all keys are written to, or none
/// @param retransmission how requests of IKE are sent again
/// @param voice in whose words it tells what it does
public record RunOptions(
    List<Path> configs,
    List<Ipv6Address> listen,
    Path control,
    Optional<InetSocketAddress> metrics,
    String tun,
    EngineChoice crypto,
    InboundCleartext inboundCleartext,
    Optional<Path> keylog,
    Retransmission retransmission,
    Voice voice) {

  /// As patient as is usual, in its own words.
  public RunOptions(
      List<Path> configs,
      List<Ipv6Address> listen,
      Path control,
      Optional<InetSocketAddress> metrics,
      String tun,
      EngineChoice crypto,
      InboundCleartext inboundCleartext,
      Optional<Path> keylog) {
    this(
        configs,
        listen,
        control,
        metrics,
        tun,
        crypto,
        inboundCleartext,
        keylog,
        Retransmission.STANDARD,
        Voice.ESPD);
  }

  /// Copies the lists.
  public RunOptions {
    configs = List.copyOf(configs);
    listen = List.copyOf(listen);
  }

  /// {@return the configuration files, behind what setkey's command has kept, where it has}
  public List<Path> files() {
    Path kept = KeptPolicies.beside(control).file();
    return Files.exists(kept) ? Stream.concat(Stream.of(kept), configs.stream()).toList() : configs;
  }
}
