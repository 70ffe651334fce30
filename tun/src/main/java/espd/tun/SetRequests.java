package espd.tun;

import espd.spd.AddressRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What is asked of nf_tables about a table of ours, as messages of its Netlink: elements of sets,
/// and what the counter has counted. Numbers are in network order.
///
/// @param family of the table
/// @param table its name
record SetRequests(IpFamily family, String table) {

  private static final int NF_TABLES = 10;
  private static final int NEW_ELEMENTS = NF_TABLES << 8 | 12;
  private static final int DELETE_ELEMENTS = NF_TABLES << 8 | 14;
  private static final int GET_OBJECT = NF_TABLES << 8 | 19;
  private static final int BATCH_BEGIN = 16;
  private static final int BATCH_END = 17;

  private static final int ELEMENTS_TABLE = 1;
  private static final int ELEMENTS_SET = 2;
  private static final int ELEMENTS = 3;
  private static final int ELEMENT = 1;
  private static final int ELEMENT_KEY = 1;
  private static final int ELEMENT_FLAGS = 3;
  private static final int VALUE = 1;
  private static final int INTERVAL_END = 1;

  private static final int OBJECT_TABLE = 1;
  private static final int OBJECT_NAME = 2;
  private static final int OBJECT_TYPE = 3;
  private static final int OBJECT_DATA = 4;
  private static final int COUNTER = 1;
  private static final int COUNTER_PACKETS = 2;

  /// An attribute has at most 65,535 octets, and a range less than 100.
  private static final int RANGES_A_MESSAGE = 500;

  /// Changes sets, all of them or none.
  List<NetlinkMessage> change(List<FilterRules.Change> changes) {
    List<NetlinkMessage> requests = new ArrayList<>();
    requests.add(batch(BATCH_BEGIN));
    for (FilterRules.Change change : changes) {
      String set = FilterScript.set(change.rule().number());
      requests.addAll(elements(DELETE_ELEMENTS, 0, set, change.sources().gone()));
      requests.addAll(elements(NEW_ELEMENTS, NetlinkMessage.CREATE, set, change.sources().come()));
    }
    requests.add(batch(BATCH_END));
    return requests;
  }

  private static NetlinkMessage batch(int type) {
    return new NetlinkMessage(type, 0).octets(0, 0, 0, NF_TABLES);
  }

  private List<NetlinkMessage> elements(
      int type, int flags, String set, List<AddressRange> ranges) {
    List<NetlinkMessage> requests = new ArrayList<>();
    for (int from = 0; from < ranges.size(); from += RANGES_A_MESSAGE) {
      List<AddressRange> some =
          ranges.subList(from, Math.min(from + RANGES_A_MESSAGE, ranges.size()));
      requests.add(
          new NetlinkMessage(type, flags)
              .octets(family.number, 0, 0, 0)
              .attribute(ELEMENTS_TABLE, table)
              .attribute(ELEMENTS_SET, set)
              .nested(ELEMENTS, list -> some.forEach(range -> element(list, range))));
    }
    return requests;
  }

  /// Where it begins, and where what is no more in it begins.
  private void element(NetlinkMessage list, AddressRange range) {
    byte[] last = family.octets(range.last());
    list.nested(ELEMENT, element -> key(element, family.octets(range.first())));
    if (!IpFamily.isLast(last)) {
      list.nested(
          ELEMENT,
          element -> key(element, IpFamily.next(last)).bigEndian(ELEMENT_FLAGS, INTERVAL_END));
    }
  }

  private static NetlinkMessage key(NetlinkMessage element, byte[] address) {
    return element.nested(ELEMENT_KEY, key -> key.attribute(VALUE, address));
  }

  /// Asks what a counter has counted.
  NetlinkMessage counter(String name) {
    return new NetlinkMessage(GET_OBJECT, 0)
        .octets(family.number, 0, 0, 0)
        .attribute(OBJECT_TABLE, table)
        .attribute(OBJECT_NAME, name)
        .bigEndian(OBJECT_TYPE, COUNTER);
  }

  /// {@return how many packets it has counted}
  ///
  /// @param answer to [#counter]
  static long packets(ByteBuffer answer) {
    ByteBuffer attributes = answer.duplicate().order(answer.order());
    attributes.position(answer.position() + Integer.BYTES);
    ByteBuffer data = attribute(NetlinkMessage.attributes(attributes), OBJECT_DATA);
    ByteBuffer packets = attribute(NetlinkMessage.attributes(data), COUNTER_PACKETS);
    return ByteBuffer.allocate(Long.BYTES).put(packets).getLong(0);
  }

  private static ByteBuffer attribute(Map<Integer, ByteBuffer> attributes, int type) {
    ByteBuffer value = attributes.get(type);
    if (value == null) {
      throw new IllegalStateException("the kernel says nothing of attribute " + type);
    }
    return value;
  }
}
