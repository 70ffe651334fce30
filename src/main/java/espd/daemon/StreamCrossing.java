package espd.daemon;

import espd.ike.Datagram;
import espd.ike.DropReason;
import espd.ike.driver.Ike;
import espd.ike.driver.IkeListener;
import espd.ike.net.TcpStreams;
import espd.tun.LinuxUnderlay;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/// Where TCP streams hand over what comes through them: ESP to the data plane, all else to IKE.
///
/// @param underlay from which the data plane receives
/// @param ike once it is there
/// @param figures count what is dropped
record StreamCrossing(LinuxUnderlay underlay, Supplier<Ike> ike, IkeListener figures)
    implements TcpStreams.Receiver {

  @Override
  public void ikeMessage(Datagram datagram) {
    ike.get().receive(datagram);
  }

  @Override
  public void espPacket(Datagram ends, ByteBuffer packet) {
    try {
      if (!underlay.streamed(
          ends.local(), ends.localPort(), ends.remote(), ends.remotePort(), packet)) {
        figures.dropped(DropReason.ESP_QUEUE_FULL);
      }
    } catch (IOException e) {
      figures.dropped(DropReason.ESP_TOO_LATE);
    }
  }

  @Override
  public void refused(DropReason why) {
    figures.dropped(why);
  }

  @Override
  public void broken(int localPort) {
    ike.get().streamBroken(localPort);
  }
}
