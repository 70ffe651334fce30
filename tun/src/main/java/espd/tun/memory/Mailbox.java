package espd.tun.memory;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A bounded queue that can be closed. Any thread.
final class Mailbox<T> {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<T> queue = new ArrayDeque<>();
  private final int capacity;
  private boolean closed;

  Mailbox(int capacity) {
    this.capacity = capacity;
  }

  /// {@return whether it had room}
  boolean offer(T item) {
    lock.lock();
    try {
      if (closed || queue.size() >= capacity) {
        return false;
      }
      queue.add(item);
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Takes the oldest, waiting for one.
  ///
  /// @param timeoutMillis 0 does not wait, a negative number waits without end
  /// @return nothing when none came in time, or when closed
  Optional<T> poll(int timeoutMillis) {
    long left = timeoutMillis < 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    lock.lock();
    try {
      while (queue.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return closed ? Optional.empty() : Optional.ofNullable(queue.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Forgets all and wakes who waits.
  void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
