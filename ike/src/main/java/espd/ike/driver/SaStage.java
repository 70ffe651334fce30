package espd.ike.driver;

import espd.ike.exchange.IsakmpStage;
import espd.ike.exchange.Path;
import java.util.Optional;

/// How far a negotiation of IKEv1 has come, told to a [SaListener].
///
/// @param connection its connection's name
/// @param serial in phase 1 the n of `NAME[n]`, in quick mode that of `NAME{n}`
/// @param stage where it is now
/// @param path where messages go
/// @param child what quick mode has made, once it has
public record SaStage(
    String connection, int serial, IsakmpStage stage, Path path, Optional<ChildSaView> child) {}
