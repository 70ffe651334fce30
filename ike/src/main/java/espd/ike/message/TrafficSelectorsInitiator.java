package espd.ike.message;

import java.util.List;

/// The packets at the initiator's end of a Child SA (RFC 7296 §3.13).
///
/// @param selectors offered or narrowed; those of a kind we do not know are left out when read
public record TrafficSelectorsInitiator(List<TrafficSelector> selectors) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 44;

  /// Copies the list.
  public TrafficSelectorsInitiator {
    selectors = List.copyOf(selectors);
  }

  static TrafficSelectorsInitiator read(Reader in) throws MalformedException {
    return new TrafficSelectorsInitiator(TrafficSelector.readAll(in));
  }

  @Override
  public void writeBody(Writer out) {
    TrafficSelector.writeAll(selectors, out);
  }

  @Override
  public int payloadType() {
    return TYPE;
  }

  @Override
  public String label() {
    return "TSi";
  }
}
