/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import io.bascule.log.SparingLog;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.http.Answer.BadAnswerException;
import io.bascule.security.provider.Decisions;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.cert.CertificateParsingException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/**
 * Has another server decide about every client. Where that gives no answer that can be understood the client is refused with 0x88, and where too
 * many wait for one with 0x89.
 */
final class HttpAuthenticator implements Authenticator {
    private static final AuthenticationResult UNAVAILABLE = Rejected.with(ReasonCode.SERVER_UNAVAILABLE);
    private static final AuthenticationResult BUSY = Rejected.with(ReasonCode.SERVER_BUSY);
    private static final AuthenticationResult NOT_AUTHORIZED = Rejected.with(ReasonCode.NOT_AUTHORIZED);
    private static final int OK = 200;

    private final SparingLog log;
    private final Function<byte[], CompletableFuture<HttpResponse<byte[]>>> server;
    private final AnswerCache cache;
    private final Semaphore room;
    private final Decisions decisions = new Decisions();
    private volatile String trouble;

    /**
     * One that asks.
     *
     * @param server posts a question, and waits no longer than it may
     * @param maximumRequests at a time
     */
    HttpAuthenticator(
            String name,
            Function<byte[], CompletableFuture<HttpResponse<byte[]>>> server,
            AnswerCache cache,
            int maximumRequests) {
        this.log = new SparingLog(LoggerFactory.getLogger(HttpAuthenticator.class), "http " + name);
        this.server = server;
        this.cache = cache;
        this.room = new Semaphore(maximumRequests);
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(ConnectingClient client) {
        byte[] question;
        try {
            question = Question.about(client);
        } catch (CertificateParsingException e) {
            log.refused(client, "of its certificate " + e.getMessage());
            return CompletableFuture.completedFuture(decisions.count(NOT_AUTHORIZED));
        }
        Optional<ByteBuffer> key = cache.keyOf(question);
        Optional<Accepted> known = key.flatMap(cache::get);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(decisions.count(known.get()));
        }
        if (!room.tryAcquire()) {
            return CompletableFuture.completedFuture(decisions.count(BUSY));
        }
        return server.apply(question).handle((response, failure) -> {
            room.release();
            AuthenticationResult result = failure == null ? judge(response, client) : failed(why(failure));
            if (result instanceof Accepted accepted) {
                key.ifPresent(each -> cache.put(each, accepted));
            }
            return decisions.count(result);
        });
    }

    private AuthenticationResult judge(HttpResponse<byte[]> response, ConnectingClient client) {
        if (response.statusCode() != OK) {
            return failed("has answered with status " + response.statusCode());
        }
        try {
            AuthenticationResult result = Answer.read(response.body(), client.userName());
            trouble = null;
            return result;
        } catch (BadAnswerException e) {
            return failed("has given an answer that " + e.getMessage());
        }
    }

    private AuthenticationResult failed(String what) {
        trouble = "the server " + what;
        log.warn("the server " + what + "; the client is refused");
        return UNAVAILABLE;
    }

    private static String why(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return "has not answered: " + cause.getMessage();
        }
        if (cause instanceof CancellationException) {
            return "has not answered: the provider closes";
        }
        String message = cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
        return "cannot be asked: " + cause.getClass().getSimpleName() + message;
    }

    /** What is wrong with the server, from when it has failed until it gives an answer again. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    Map<String, Long> figures() {
        return decisions.figures();
    }
}
