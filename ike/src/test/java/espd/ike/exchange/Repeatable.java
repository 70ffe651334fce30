package espd.ike.exchange;

import java.security.SecureRandom;
import java.util.Random;

/// Random numbers that are the same for the same seed.
public final class Repeatable extends SecureRandom {

  private static final long serialVersionUID = 1L;

  private final Random random;

  /// @param seed of the numbers
  public Repeatable(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }
}
