/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.client;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import io.bascule.transport.EventLoop;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out who a client is: asks the authenticators in turn until one accepts or rejects. Used on the client's event loop. */
final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private final ConnectingClient client;
    private final Iterator<Authenticator> left;
    private final EventLoop eventLoop;
    private final Consumer<AuthenticationResult> then;
    private final boolean anonymous;
    private boolean decided;

    private Authentication(
            ConnectingClient client, ClientContext context, EventLoop eventLoop, Consumer<AuthenticationResult> then) {
        Optional<List<String>> names = context.listener().authenticators();
        List<Authenticator> authenticators = context.extensions().authenticators(names);
        boolean nobody = names.map(List::isEmpty).orElseGet(context.extensions()::identifiesNobody);
        boolean showsNothing = client.userName().isEmpty() && client.password().isEmpty();
        this.client = client;
        this.left = authenticators.iterator();
        this.eventLoop = eventLoop;
        this.then = then;
        this.anonymous = nobody || showsNothing && context.listener().allowAnonymous();
    }

    /** Asks those of the listener, and answers once with {@link Accepted} or {@link Rejected}, on the event loop, perhaps before this returns. */
    static void of(
            ConnectingClient client, ClientContext context, EventLoop eventLoop, Consumer<AuthenticationResult> then) {
        if (context.extensions().lacksAuthenticator(context.listener().authenticators())) {
            then.accept(Rejected.with(ReasonCode.SERVER_UNAVAILABLE)); // it might have known the client: fails closed
        } else {
            new Authentication(client, context, eventLoop, then).askNext();
        }
    }

    private void askNext() {
        if (left.hasNext()) {
            ask(left.next());
        } else if (anonymous) {
            decide(new Accepted(Identity.ANONYMOUS));
        } else {
            boolean named = client.userName().isPresent();
            decide(Rejected.with(named ? ReasonCode.BAD_USER_NAME_OR_PASSWORD : ReasonCode.NOT_AUTHORIZED));
        }
    }

    private void ask(Authenticator authenticator) {
        CompletionStage<AuthenticationResult> answer;
        try {
            answer = Objects.requireNonNull(authenticator.authenticate(client), "it has answered with null");
        } catch (RuntimeException | LinkageError e) {
            answer = CompletableFuture.failedFuture(e);
        }
        answer.whenComplete((result, failure) -> onLoop(() -> answered(result, failure)));
    }

    private void answered(AuthenticationResult result, Throwable failure) {
        if (decided) {
            return;
        }
        if (failure != null || result == null) {
            LOG.error("client {}: an authenticator has failed, the client is rejected", client.clientId(), failure);
            decide(Rejected.with(ReasonCode.SERVER_UNAVAILABLE)); // fails closed
        } else if (result instanceof Abstained) {
            askNext();
        } else {
            decide(result);
        }
    }

    private void decide(AuthenticationResult result) {
        if (!decided) {
            decided = true;
            then.accept(result);
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
