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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The JDK's HTTP client, for one URL, and the end of it. It has three threads of ours and the client's own; none is left when {@link #close()} has
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
    /** For the client, which looks up names on them: a name server that hangs holds both. */
    private final ExecutorService threads;
    /** Tells what has come, or not in time, and waits for nothing. */
    private final ScheduledThreadPoolExecutor teller;

    private final HttpClient client;
    private final Set<CompletableFuture<?>> unanswered = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param timeout from the request to the last byte of the answer */
    Callout(String owner, URI url, Optional<String> authorization, Duration timeout) {
        this.url = url;
        this.authorization = authorization;
        this.timeout = timeout;
        this.group = group("bascule-http-" + owner);
        this.threads = Executors.newFixedThreadPool(THREADS, this::thread);
        this.teller = new ScheduledThreadPoolExecutor(1, this::thread);
        teller.setRemoveOnCancelPolicy(true);
        this.client = client(group, threads);
    }

    private Thread thread(Runnable task) {
        Thread thread = new Thread(group, task, group.getName());
        thread.setDaemon(true);
        return thread;
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
            exchange.whenComplete((response, failure) -> tell(() -> {
                if (failure == null) {
                    answer.complete(response);
                } else {
                    answer.completeExceptionally(failure);
                }
            }));
            ScheduledFuture<?> timer = teller.schedule(
                    () -> answer.completeExceptionally(
                            new TimeoutException("it took more than " + timeout.toMillis() + " ms")),
                    timeout.toMillis(),
                    TimeUnit.MILLISECONDS);
            unanswered.add(answer);
            answer.whenComplete((response, failure) -> {
                unanswered.remove(answer);
                timer.cancel(false);
                if (!exchange.isDone()) {
                    cancel(exchange);
                }
            });
            if (closed) {
                answer.cancel(false);
            }
        } catch (RuntimeException e) { // as it closes
            answer.completeExceptionally(e);
        }
        return answer;
    }

    /** The client completes what it has sent on threads that all of the JVM shares. */
    private void tell(Runnable task) {
        try {
            teller.execute(task);
        } catch (RejectedExecutionException e) {
            task.run(); // it closes
        }
    }

    /** Waits for whoever checks the server's certificate, hence not on the thread that tells. */
    private void cancel(CompletableFuture<?> exchange) {
        try {
            threads.execute(() -> exchange.cancel(true));
        } catch (RejectedExecutionException e) {
            // it closes, and the client with it
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
        unanswered.forEach(answer -> tell(() -> answer.cancel(false)));
        teller.shutdown(); // what has been completed is told still
        teller.awaitTermination(CLOSE_TIMEOUT_MILLIS / 2, TimeUnit.MILLISECONDS);
        teller.shutdownNow();
        unanswered.forEach(answer -> answer.cancel(false)); // whom it could not tell
        threads.shutdown(); // what is under way is cancelled still
        threads.awaitTermination(CLOSE_TIMEOUT_MILLIS / 2, TimeUnit.MILLISECONDS);
        threads.shutdownNow();
        group.interrupt();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MILLIS);
        while (group.activeCount() > 0 && System.nanoTime() - end < 0) {
            Thread.sleep(POLL_MILLIS);
        }
    }
}
