package espd.docs;

import espd.lab.InLab;
import espd.lab.Lab;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each page of `docs/` is done as it stands, and what it shows is seen.
@InLab
class DocsTest {

  @RegisterExtension private final Lab lab = new Lab();

  static List<String> pages() throws IOException {
    return Page.names();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void aReaderSeesWhatThePageShows(String page) throws IOException {
    PageReader.follow(lab, Page.read(page));
  }
}
