package espd.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What vici's names and numbers mean, for Child SA 3 of the connection `gw/net` in IKE SA 7.
class SaFilterTest {

  private static SaFilter filter(String words) {
    Section.Builder request = Section.builder();
    for (String word : words.split(" ", -1)) {
      request.text(word.substring(0, word.indexOf('=')), word.substring(word.indexOf('=') + 1));
    }
    return SaFilter.of(request.build());
  }

  @ParameterizedTest
  @CsvSource({
    "child=net, true",
    "child=gw/net, true",
    "child=gw, false",
    "child=net ike=gw, true",
    "child=net ike=gw/net, true",
    "child=net ike=other, false",
    "child-id=3, true",
    "child_id=3, true",
    "child-id=4, false",
    "child-id=3 ike-id=7, true",
    "child-id=3 ike-id=8, false"
  })
  void namesAChildSa(String words, boolean means) {
    assertEquals(means, filter(words).namesChild() && filter(words).fitsChildSa("gw/net", 3, 7));
  }

  @ParameterizedTest
  @CsvSource({
    "ike=gw, true",
    "ike=gw/net, true",
    "ike=net, false",
    "ike-id=7, true",
    "ike_id=7, true",
    "ike-id=8, false",
    "ike=gw ike-id=8, false"
  })
  void namesAnIkeSa(String words, boolean means) {
    assertFalse(filter(words).namesChild());
    assertEquals(means, filter(words).fitsIkeSa("gw/net", 7));
  }
}
