package espd.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which format a client gets for its `Accept` (RFC 9110 §12.5.1).
class ExpositionFormatTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # what a client accepts                                              | what it gets
          ''                                                                   | TEXT
          */*                                                                  | TEXT
          text/plain                                                           | TEXT
          text/html,application/xhtml+xml,*/*;q=0.8                            | TEXT
          application/openmetrics-text                                         | OPEN_METRICS
          application/openmetrics-text; version=1.0.0; charset=utf-8           | OPEN_METRICS
          Application/OpenMetrics-Text;Version="1.0.0"                         | OPEN_METRICS
          application/openmetrics-text;version=2.0.0                           | TEXT
          application/openmetrics-text,text/plain                              | TEXT
          application/openmetrics-text;q=0.5,text/plain;q=0.6                  | TEXT
          application/openmetrics-text;q=0.6,text/plain;q=0.5                  | OPEN_METRICS
          application/openmetrics-text;q=0                                     | TEXT
          application/openmetrics-text;q=often                                 | TEXT
          application/vnd.google.protobuf;encoding=delimited                   | TEXT
          application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | OPEN_METRICS
          ;,;=,q                                                               | TEXT
          """)
  void aClientGetsWhatItLikesBest(String accept, ExpositionFormat format) {
    assertEquals(format, ExpositionFormat.of(accept));
  }
}
