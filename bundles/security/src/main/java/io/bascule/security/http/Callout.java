/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JDK's HTTP client, for one URL, and the end of it. It has two threads of ours and the client's own; none is left when {@link #close()} has
 * returned. Safe for use by several threads.
 *
 * <p>Before JDK 21 a client cannot be closed: its thread goes when the client is garbage, or when it is interrupted. It belongs to the group of
 * the thread that makes the client, hence has one of ours, by which it is found.
 */
final class Callout {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int THREADS = 2;
    private static final long CLOSE_TIMEOUT_MILLIS = 1000;
    private static final long POLL_MILLIS = 5;

    private final URI url;
    private final Optional<String> authorization;
    private final Duration timeout;
    private final ThreadGroup group;
    private final ScheduledThreadPoolExecutor threads;
    private final HttpClient client;
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param timeout from the request to the last byte of the answer */
    Callout(String owner, URI url, Optional<String> authorization, Duration timeout) {
        this.url = url;
        this.authorization = authorization;
        this.timeout = timeout;
        this.group = group("bascule-http-" + owner);
        this.threads = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(group, task, group.getName());
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        this.client = client(group, threads);
    }

    /** One that goes with its last thread: before JDK 19 another one is held by its parent. */
    @SuppressWarnings("removal") // does nothing any more where it is not needed
    private static ThreadGroup group(String name) {
        ThreadGroup group = new ThreadGroup(name);
        group.setDaemon(true);
        return group;
    }

    private static HttpClient client(ThreadGroup group, Executor executor) {
        FutureTask<HttpClient> client = new FutureTask<>(() -> HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(executor)
                .build());
        Thread maker = new Thread(group, client, group.getName());
        maker.setContextClassLoader(null); // the client's thread inherits it
        maker.start();
        try {
            return client.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("there is no client of HTTP", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Posts JSON; what does not come whole and in time is a failure. */
    CompletableFuture<HttpResponse<byte[]>> post(byte[] json) {
        CompletableFuture<HttpResponse<byte[]>> answer = new CompletableFuture<>();
        try {
            CompletableFuture<HttpResponse<byte[]>> exchange =
                    client.sendAsync(request(json), response -> new BoundedBody(MOST_BYTES));
            underWay.add(exchange);
            exchange.whenComplete((response, failure) -> {
                underWay.remove(exchange);
                onOurs(() -> {
                    if (failure == null) {
                        answer.complete(response);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            });
            ScheduledFuture<?> timer = threads.schedule(
                    () -> {
                        answer.completeExceptionally(
                                new TimeoutException("it took more than " + timeout.toMillis() + " ms"));
                        exchange.cancel(true);
                    },
                    timeout.toMillis(),
                    TimeUnit.MILLISECONDS);
            answer.whenComplete((response, failure) -> timer.cancel(false));
            if (closed) {
                exchange.cancel(true);
            }
        } catch (RuntimeException e) { // as it closes
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** The client completes what it has sent on threads that all of the JVM shares. */
    private void onOurs(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            task.run(); // it closes
        }
    }

    private HttpRequest request(byte[] json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json));
        authorization.ifPresent(value -> request.header("Authorization", value));
        return request.build();
    }

    /** Whoever waits for an answer hears that there is none, and the threads end, within 2 s. */
    void close() throws InterruptedException {
        closed = true;
        underWay.forEach(exchange -> exchange.cancel(true));
        threads.shutdown(); // what has been completed is told still
        threads.awaitTermination(CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        threads.shutdownNow();
        group.interrupt();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MILLIS);
        while (group.activeCount() > 0 && System.nanoTime() - end < 0) {
            Thread.sleep(POLL_MILLIS);
        }
    }
}
