package org.postern.host.service;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postern.host.protocol.Reply;
import org.postern.host.table.TableInstance;

/**
 * Lookups that wait for a backend: those of the same key in the same table are asked once, and all
 * who wait get the one answer. So a crowd that asks for one name, or a backend that hangs, takes
 * one worker and not all. Any thread may call.
 */
final class SharedLookups {
  private final ConcurrentHashMap<Question, SharedLookup> underWay = new ConcurrentHashMap<>();

  /** What makes two lookups the same. The instance is compared by identity. */
  private static final class Question {
    private final TableInstance instance;
    private final int flags;
    private final boolean utf8;
    private final byte[] key;

    Question(TableInstance instance, int flags, boolean utf8, byte[] key) {
      this.instance = instance;
      this.flags = flags;
      this.utf8 = utf8;
      this.key = key;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Question question
          && instance.equals(question.instance)
          && flags == question.flags
          && utf8 == question.utf8
          && Arrays.equals(key, question.key);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * instance.hashCode() + flags) + Arrays.hashCode(key);
    }
  }

  /** One lookup and who waits for it. */
  final class SharedLookup implements TableService.Waiters {
    private final Question question;
    private final List<Deferred> waiting = new ArrayList<>(1);
    private boolean over;

    private SharedLookup(Question question) {
      this.question = question;
    }

    private synchronized boolean join(Deferred deferred) {
      return !over && waiting.add(deferred);
    }

    /** Whether nobody waits any more. If so, nobody can join either. */
    @Override
    public synchronized boolean abandoned() {
      boolean abandoned = waiting.stream().allMatch(Deferred::abandoned);
      if (abandoned) {
        end();
      }
      return abandoned;
    }

    /** Gives the answer to all; the first one counts. */
    @Override
    public void complete(Reply reply) {
      List<Deferred> told;
      synchronized (this) {
        end();
        told = List.copyOf(waiting);
        waiting.clear();
      }
      told.forEach(deferred -> deferred.complete(reply));
    }

    private void end() {
      over = true;
      underWay.remove(question, this);
    }
  }

  /**
   * Has someone wait for a lookup.
   *
   * @return a new one that the caller must have done, or null when it is under way already
   */
  @Nullable SharedLookup begin(TableCall call, byte[] key, Deferred deferred) {
    Question question = new Question(call.instance(), call.flags(), call.utf8(), key);
    while (true) {
      SharedLookup fresh = new SharedLookup(question);
      fresh.waiting.add(deferred);
      SharedLookup before = underWay.putIfAbsent(question, fresh);
      if (before == null) {
        return fresh;
      }
      if (before.join(deferred)) {
        return null;
      }
      underWay.remove(question, before);
    }
  }
}
