/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@Timeout(60)
class CalloutTest {
    private static final int TIMES = 20;

    private static Callout callout(Decider decider) {
        return new Callout("test", decider.url(), Optional.empty(), Duration.ofSeconds(30));
    }

    /** Those of the client, whatever the JDK calls them. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getThreadGroup() != null
                        && thread.getThreadGroup().getName().startsWith("bascule-http"))
                .collect(Collectors.toSet());
    }

    @Test
    void leavesNoThreadBehind() throws Exception {
        try (Decider decider = new Decider()) {
            decider.answers(200, "{}");
            for (int i = 0; i < TIMES; i++) {
                Callout callout = callout(decider);
                assertThat(callout.post(new byte[0]).get(20, SECONDS).statusCode())
                        .isEqualTo(200);
                assertThat(threads()).anyMatch(thread -> thread.getName().startsWith("HttpClient"));
                callout.close();
                assertThat(threads()).isEmpty();
            }
        }
    }

    /** From JDK 19 on a parent holds its groups by weak references. */
    @Test
    @EnabledForJreRange(max = JRE.JAVA_18)
    void leavesNoThreadGroupBehind() throws Exception {
        try (Decider decider = new Decider()) {
            decider.answers(200, "{}");
            for (int i = 0; i < TIMES; i++) {
                Callout callout = callout(decider);
                callout.post(new byte[0]).get(20, SECONDS);
                callout.close();
            }
        }
        assertThat(groups()).noneMatch(name -> name.startsWith("bascule-http"));
    }

    private static Stream<String> groups() {
        ThreadGroup parent = Thread.currentThread().getThreadGroup();
        ThreadGroup[] groups = new ThreadGroup[parent.activeGroupCount() + 10];
        return Stream.of(groups).limit(parent.enumerate(groups)).map(ThreadGroup::getName);
    }

    /** Those of the JVM would keep what they have run. */
    @Test
    void tellsItsAnswersOnItsOwnThreads() throws Exception {
        for (boolean whole : List.of(true, false)) {
            CountDownLatch attached = new CountDownLatch(1);
            try (Decider decider = new Decider()) {
                decider.does(exchange -> {
                    await(attached);
                    if (whole) {
                        exchange.sendResponseHeaders(200, -1);
                    }
                });
                Callout callout = callout(decider);
                CompletableFuture<String> group = callout.post(new byte[0])
                        .handle((response, failure) ->
                                Thread.currentThread().getThreadGroup().getName());
                attached.countDown();
                assertThat(group.get(20, SECONDS)).isEqualTo("bascule-http-test");
                callout.close();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void leavesNobodyWaitingWhenItCloses() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (Decider decider = new Decider()) {
            decider.does(exchange -> {
                asked.countDown();
                await(never);
            });
            Callout callout = callout(decider);
            CompletableFuture<HttpResponse<byte[]>> waiting = callout.post(new byte[0]);
            asked.await();

            callout.close();

            assertThatThrownBy(() -> waiting.get(10, SECONDS))
                    .isInstanceOfAny(ExecutionException.class, java.util.concurrent.CancellationException.class);
            assertThatThrownBy(() -> callout.post(new byte[0]).get(10, SECONDS)).isInstanceOf(ExecutionException.class);
            assertThat(threads()).isEmpty();
        }
    }
}
