package espd.daemon.control;

import espd.daemon.control.Node.Items;
import espd.daemon.control.Node.Secret;
import espd.daemon.control.Node.Text;
import espd.spd.KeyMaterial;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// The encoding of a vici message: a sequence of elements, each a type, then a name and a value
/// where the type has them.
///
/// ```
/// SECTION_START | name length: 8 | name |
/// SECTION_END   |
/// KEY_VALUE     | name length: 8 | name | value length: 16 | value |
/// LIST_START    | name length: 8 | name |
/// LIST_ITEM     | value length: 16 | value |
/// LIST_END      |
/// ```
final class SectionCodec {

  private static final int SECTION_START = 1;
  private static final int SECTION_END = 2;
  private static final int KEY_VALUE = 3;
  private static final int LIST_START = 4;
  private static final int LIST_ITEM = 5;
  private static final int LIST_END = 6;

  /// The name that vici has for octets: of secrets, keys and certificates.
  static final String DATA = "data";

  private static final int DEEPEST = 32;
  private static final int LONGEST_NAME = 0xff;
  private static final int LONGEST_VALUE = 0xffff;

  private SectionCodec() {}

  /// {@return the elements of `message`; names and values that are too long are cut}
  static byte[] write(Section message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writeNodes(message, out);
    return out.toByteArray();
  }

  private static void writeNodes(Section section, ByteArrayOutputStream out) {
    for (Map.Entry<String, Node> entry : section.nodes().entrySet()) {
      switch (entry.getValue()) {
        case Section inner -> {
          out.write(SECTION_START);
          writeName(entry.getKey(), out);
          writeNodes(inner, out);
          out.write(SECTION_END);
        }
        case Text value -> {
          out.write(KEY_VALUE);
          writeName(entry.getKey(), out);
          writeValue(value.text(), out);
        }
        case Secret secret -> {
          out.write(KEY_VALUE);
          writeName(entry.getKey(), out);
          secret
              .octets()
              .use(
                  octets -> {
                    writeOctets(octets, out);
                    return octets.length;
                  });
        }
        case Items list -> {
          out.write(LIST_START);
          writeName(entry.getKey(), out);
          for (String item : list.items()) {
            out.write(LIST_ITEM);
            writeValue(item, out);
          }
          out.write(LIST_END);
        }
      }
    }
  }

  static void writeName(String name, ByteArrayOutputStream out) {
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(octets.length, LONGEST_NAME);
    out.write(length);
    out.write(octets, 0, length);
  }

  private static void writeValue(String value, ByteArrayOutputStream out) {
    writeOctets(value.getBytes(StandardCharsets.UTF_8), out);
  }

  private static void writeOctets(byte[] octets, ByteArrayOutputStream out) {
    int length = Math.min(octets.length, LONGEST_VALUE);
    out.write(length >>> 8);
    out.write(length);
    out.write(octets, 0, length);
  }

  /// {@return the message that `elements` make, all of them}
  ///
  /// @throws MalformedPacketException when they do not
  static Section read(ByteBuffer elements) throws MalformedPacketException {
    Deque<Open> open = new ArrayDeque<>();
    open.push(new Open("", Section.builder()));
    while (elements.hasRemaining()) {
      int type = elements.get();
      switch (type) {
        case SECTION_START -> {
          if (open.size() > DEEPEST) {
            throw new MalformedPacketException("sections deeper than " + DEEPEST);
          }
          open.push(new Open(newName(elements, open), Section.builder()));
        }
        case SECTION_END -> {
          if (open.size() == 1) {
            throw new MalformedPacketException("end of a section that did not begin");
          }
          Open closed = open.pop();
          top(open).section(closed.name(), closed.builder().build());
        }
        case KEY_VALUE -> keyValue(elements, open);
        case LIST_START -> top(open).items(newName(elements, open), list(elements));
        default -> throw new MalformedPacketException("element of type " + type);
      }
    }
    if (open.size() > 1) {
      throw new MalformedPacketException("section without end");
    }
    return open.pop().builder().build();
  }

  /// What may be secret never becomes a String, which could not be wiped.
  private static void keyValue(ByteBuffer elements, Deque<Open> open)
      throws MalformedPacketException {
    String name = newName(elements, open);
    if (!name.equals(DATA)) {
      top(open).text(name, text(value(elements)));
      return;
    }
    byte[] octets = value(elements);
    top(open).data(KeyMaterial.copyOf(octets));
    Arrays.fill(octets, (byte) 0);
  }

  private record Open(String name, Section.Builder builder) {}

  private static Section.Builder top(Deque<Open> open) {
    return open.element().builder();
  }

  private static String newName(ByteBuffer elements, Deque<Open> open)
      throws MalformedPacketException {
    String name = name(elements);
    if (top(open).has(name)) {
      throw new MalformedPacketException("two nodes of one name");
    }
    return name;
  }

  private static List<String> list(ByteBuffer elements) throws MalformedPacketException {
    List<String> items = new ArrayList<>();
    while (elements.hasRemaining()) {
      int type = elements.get();
      if (type == LIST_END) {
        return items;
      }
      if (type != LIST_ITEM) {
        throw new MalformedPacketException("element of type " + type + " in a list");
      }
      items.add(text(value(elements)));
    }
    throw new MalformedPacketException("list without end");
  }

  static String name(ByteBuffer from) throws MalformedPacketException {
    if (!from.hasRemaining()) {
      throw new MalformedPacketException("name without length");
    }
    return new String(octets(from, from.get() & 0xff), StandardCharsets.UTF_8);
  }

  private static byte[] value(ByteBuffer from) throws MalformedPacketException {
    if (from.remaining() < 2) {
      throw new MalformedPacketException("value without length");
    }
    return octets(from, from.getShort() & 0xffff);
  }

  /// {@return octets as text: UTF-8, or where they are not, as those of a certificate, an octet a
  /// character}
  private static String text(byte[] octets) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      return new String(octets, StandardCharsets.ISO_8859_1);
    }
  }

  private static byte[] octets(ByteBuffer from, int length) throws MalformedPacketException {
    if (from.remaining() < length) {
      throw new MalformedPacketException("text shorter than its length");
    }
    byte[] octets = new byte[length];
    from.get(octets);
    return octets;
  }
}
