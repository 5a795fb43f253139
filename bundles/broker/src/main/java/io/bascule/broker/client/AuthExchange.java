/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.EnhancedAuthenticator.Step;
import io.bascule.transport.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One exchange of AUTH packets with one client (MQTT 5.0, section 4.12). Used on the client's event loop. */
final class AuthExchange {
    private static final Logger LOG = LoggerFactory.getLogger(AuthExchange.class);

    private final EnhancedAuthenticator.Exchange exchange;
    private final EventLoop eventLoop;
    private final Consumer<Step> then;
    private boolean answering;
    private boolean over;

    /** @param then called on the event loop with what comes of each step, perhaps before {@link #step} returns */
    AuthExchange(EnhancedAuthenticator.Exchange exchange, EventLoop eventLoop, Consumer<Step> then) {
        this.exchange = exchange;
        this.eventLoop = eventLoop;
        this.then = then;
    }

    /** The client's next Authentication Data; false when it was not its turn. */
    boolean step(Optional<byte[]> authenticationData) {
        if (answering || over) {
            return false;
        }
        answering = true;
        CompletionStage<Step> answer;
        try {
            answer = exchange.step(authenticationData);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((step, failure) -> onLoop(() -> answered(step, failure)));
        return true;
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
        try {
            exchange.end();
        } catch (RuntimeException e) {
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
