package espd.daemon.capture;

import espd.dataplane.tap.Wish;
import java.time.Duration;

/// What is to be captured, and when it ends by itself.
///
/// @param wish which packets, and how much of each
/// @param count ends it after so many packets of both sides together; 0 for never
/// @param duration ends it after so long; zero for never
public record CaptureRequest(Wish wish, long count, Duration duration) {}
