package espd.daemon.cli;

import espd.dataplane.esp.EngineChoice;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What `espd run` was told.
///
/// @param configs the configuration files, at least one
/// @param control the control socket
/// @param metrics where metrics are served over HTTP, or nowhere
/// @param tun the name of the TUN device
/// @param crypto whose ciphers protect packets
/// @param inboundCleartext what becomes of packets that are not protected and have to be
/// @param keylog the folder that all keys are written to, or none
public record RunOptions(
    List<Path> configs,
    Path control,
    Optional<InetSocketAddress> metrics,
    String tun,
    EngineChoice crypto,
    InboundCleartext inboundCleartext,
    Optional<Path> keylog) {

  /// Copies the list.
  public RunOptions {
    configs = List.copyOf(configs);
  }
}
