package dev.portcullis.operator.envoytest;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Requests under way at the same time, each on a connection of its own. */
public final class Crowd implements AutoCloseable {

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<HttpAnswer>> requests = new ArrayList<>();

  /** Sends so many more, and waits for no answer. */
  public void send(int count, Callable<HttpAnswer> request) {
    for (var sent = 0; sent < count; sent++) {
      requests.add(threads.submit(request));
    }
  }

  /** The answers so far; fails where a request got none. */
  public List<HttpAnswer> answers() {
    return requests.stream().filter(Future::isDone).map(Crowd::answer).toList();
  }

  /** How many have this status so far. */
  public long count(int status) {
    return answers().stream().filter(answer -> answer.status() == status).count();
  }

  /** Whether none is under way any more. */
  public boolean isAnswered() {
    return requests.stream().allMatch(Future::isDone);
  }

  private static HttpAnswer answer(Future<HttpAnswer> request) {
    try {
      return request.get();
    } catch (ExecutionException failed) {
      throw new AssertionError("no answer", failed.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
