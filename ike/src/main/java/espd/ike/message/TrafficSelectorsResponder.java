package espd.ike.message;

import java.util.List;

/// The packets at the responder's end of a Child SA (RFC 7296 §3.13).
///
/// @param selectors offered or narrowed; those of a kind we do not know are left out when read
public record TrafficSelectorsResponder(List<TrafficSelector> selectors) implements Payload {

  /// The type of this payload.
  public static final int TYPE = 45;

  /// Copies the list.
  public TrafficSelectorsResponder {
    selectors = List.copyOf(selectors);
  }

  static TrafficSelectorsResponder read(Reader in) throws MalformedException {
    return new TrafficSelectorsResponder(TrafficSelector.readAll(in));
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
    return "TSr";
  }
}
