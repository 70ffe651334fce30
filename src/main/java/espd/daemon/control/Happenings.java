package espd.daemon.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Tells whoever subscribes what happens in the daemon. For any thread; who tells never waits for
/// those who listen.
public final class Happenings {

  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  /// {@return everything that happens from now on, until it is closed}
  ///
  /// @param room how many happenings wait to be taken; beyond, the oldest are lost and counted
  public Subscription subscribe(int room) {
    Subscription subscription = new Subscription(room);
    subscriptions.add(subscription);
    return subscription;
  }

  /// {@return whether anybody listens}
  public boolean areHeard() {
    return !subscriptions.isEmpty();
  }

  /// Tells everyone who has subscribed.
  public void tell(Happening happening) {
    subscriptions.forEach(each -> each.add(happening));
  }

  /// What one subscriber has not taken yet. For any thread.
  public final class Subscription implements AutoCloseable {

    private final int room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Happening> waiting = new ArrayDeque<>();
    private long lost;

    private Subscription(int room) {
      this.room = room;
    }

    private void add(Happening happening) {
      lock.lock();
      try {
        if (waiting.size() == room) {
          waiting.remove();
          lost++;
        }
        waiting.add(happening);
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    /// Takes the oldest.
    ///
    /// @param millis how long to wait for it, 0 not at all
    /// @return it, or nothing where nothing happened in that time
    public Optional<Happening> next(long millis) throws InterruptedException {
      lock.lockInterruptibly();
      try {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        while (waiting.isEmpty() && nanos > 0) {
          nanos = changed.awaitNanos(nanos);
        }
        return Optional.ofNullable(waiting.poll());
      } finally {
        lock.unlock();
      }
    }

    /// {@return those that wait, oldest first; they go on waiting}
    public List<Happening> waiting() {
      lock.lock();
      try {
        return List.copyOf(waiting);
      } finally {
        lock.unlock();
      }
    }

    /// {@return how many were lost since this was last asked}
    public long lost() {
      lock.lock();
      try {
        long those = lost;
        lost = 0;
        return those;
      } finally {
        lock.unlock();
      }
    }

    /// Nothing more is added.
    @Override
    public void close() {
      subscriptions.remove(this);
    }
  }
}
