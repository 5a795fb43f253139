/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.EnhancedAuthenticator.Step;
import io.bascule.transport.EventLoop;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One exchange of AUTH packets with one client (MQTT 5.0, section 4.12). Used on the client's event loop. */
final class AuthExchange {
    private static final Logger LOG = LoggerFactory.getLogger(AuthExchange.class);

    private final EnhancedAuthenticator authenticator;
    private final ConnectingClient client;
    private final EventLoop eventLoop;
    private final Consumer<Step> then;
    private EnhancedAuthenticator.Exchange exchange;
    private boolean answering;
    private boolean over;

    /**
     * An exchange that begins with the first step.
     *
     * @param then called on the event loop with what comes of each step, perhaps before {@link #step} returns
     */
    AuthExchange(
            EnhancedAuthenticator authenticator, ConnectingClient client, EventLoop eventLoop, Consumer<Step> then) {
        this.authenticator = authenticator;
        this.client = client;
        this.eventLoop = eventLoop;
        this.then = then;
    }

    /** The client's next Authentication Data; false when it was not its turn. */
    boolean step(Optional<byte[]> authenticationData) {
        if (answering || over) {
            return false;
        }
        answering = true;
        ask(authenticationData).whenComplete((step, failure) -> onLoop(() -> answered(step, failure)));
        return true;
    }

    private CompletionStage<Step> ask(Optional<byte[]> authenticationData) {
        try {
            if (exchange == null) {
                exchange = Objects.requireNonNull(authenticator.begin(client), "it has begun with null");
            }
            return Objects.requireNonNull(exchange.step(authenticationData), "it has answered with null");
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(Step step, Throwable failure) {
        answering = false;
        if (over) {
            return;
        }
        Step result = step;
        if (failure != null || step == null) {
            LOG.error("an enhanced authenticator has failed, the client is rejected", failure);
            result = new Step.Rejected(ReasonCode.SERVER_UNAVAILABLE, Optional.empty()); // fails closed
        }
        if (!(result instanceof Step.Continue)) {
            end();
        }
        then.accept(result);
    }

    /** Ends it, whatever it has come to. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        if (exchange == null) {
            return;
        }
        try {
            exchange.end();
        } catch (RuntimeException | LinkageError e) {
            LOG.error("an enhanced authenticator has failed at the end of an exchange", e);
        }
    }

    private void onLoop(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }
}
