/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.security.provider.Verifiers;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * Accepts a user of the file with his password, rejects him with any other, and abstains where it does not know the user, at the same cost:
 * the next authenticator may. Nothing is remembered of an answer.
 */
final class PasswordAuthenticator implements Authenticator {
    private static final AuthenticationResult WRONG = Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
    private static final AuthenticationResult UNKNOWN = new Abstained();
    private static final byte[] NO_PASSWORD = {};

    private final Supplier<Optional<PasswordFile>> file;
    private final Verifiers verifiers;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder busy = new LongAdder();

    /** @param file what is in force */
    PasswordAuthenticator(Supplier<Optional<PasswordFile>> file, Verifiers verifiers) {
        this.file = file;
        this.verifiers = verifiers;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(ConnectingClient client) {
        if (client.userName().isEmpty()) {
            return CompletableFuture.completedFuture(UNKNOWN);
        }
        String userName = client.userName().get();
        byte[] password = client.password().orElse(NO_PASSWORD);
        return verifiers.verify(() -> verify(userName, password)).whenComplete((result, failure) -> count(result));
    }

    private AuthenticationResult verify(String userName, byte[] password) {
        // Read when it is its turn: who was taken out meanwhile does not come in.
        PasswordFile users = file.get().orElseThrow();
        Optional<PasswordHash> hash = users.hashOf(userName);
        boolean right = hash.orElseGet(() -> users.decoyFor(userName)).matches(password);
        if (hash.isEmpty()) {
            return UNKNOWN;
        }
        return right ? new Accepted(Identity.of(userName)) : WRONG;
    }

    private void count(AuthenticationResult result) {
        if (result == UNKNOWN) {
            unknown.increment();
        } else if (result == WRONG) {
            rejected.increment();
        } else if (result instanceof Accepted) {
            accepted.increment();
        } else if (result != null) { // else it has failed, which the broker logs
            busy.increment();
        }
    }

    /** How often it has decided how, and how many users there are. */
    Map<String, Long> figures() {
        Map<String, Long> figures = new LinkedHashMap<>();
        figures.put(
                "users",
                file.get().map(users -> (long) users.userNames().size()).orElse(0L));
        figures.put("accepted", accepted.sum());
        figures.put("rejected", rejected.sum());
        figures.put("unknown", unknown.sum());
        figures.put("busy", busy.sum());
        return figures;
    }
}
