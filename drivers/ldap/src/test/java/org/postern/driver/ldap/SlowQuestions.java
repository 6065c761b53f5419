package org.postern.driver.ldap;

import com.unboundid.ldap.listener.interceptor.InMemoryInterceptedSearchRequest;
import com.unboundid.ldap.listener.interceptor.InMemoryOperationInterceptor;
import java.util.concurrent.CountDownLatch;

/** Has a directory think about one key for as long as the test wants, and answer all others. */
final class SlowQuestions extends InMemoryOperationInterceptor implements AutoCloseable {
  static final String KEY = "slow@example.com";

  private final CountDownLatch over = new CountDownLatch(1);

  @Override
  public void processSearchRequest(InMemoryInterceptedSearchRequest request) {
    if (request.getRequest().getFilter().toString().contains(KEY)) {
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  void goOn() {
    over.countDown();
  }

  @Override
  public void close() {
    goOn();
  }
}
