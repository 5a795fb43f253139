/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677). The first messages are the Authentication Data of CONNECT and AUTH, the last ones
 * of AUTH and CONNACK. What it costs are a few hashes, so they are made on the event loop. Who is not in the file is challenged as well, and
 * fails at the end.
 */
final class ScramAuthenticator implements EnhancedAuthenticator {
    private static final Logger LOG = LoggerFactory.getLogger(ScramAuthenticator.class);

    private final Supplier<Optional<ScramFile>> file;
    private final Supplier<String> nonces;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder malformed = new LongAdder();

    /**
     * One that serves.
     *
     * @param file what is in force
     * @param nonces each once, of printable characters without a comma, and not to be guessed
     */
    ScramAuthenticator(Supplier<Optional<ScramFile>> file, Supplier<String> nonces) {
        this.file = file;
        this.nonces = nonces;
    }

    @Override
    public String authenticationMethod() {
        return "SCRAM-SHA-256";
    }

    @Override
    public Exchange begin(ConnectingClient client) {
        return new ScramExchange(client);
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
        figures.put("malformed", malformed.sum());
        return figures;
    }

    /** The server's side of one exchange: the first message is challenged, the last one decides. */
    private final class ScramExchange implements Exchange {
        private final ConnectingClient client;
        private Challenge challenge;

        /** What was answered to the first message. */
        private record Challenge(ClientFirst first, ScramSecret secret, String nonce, String serverFirst) {}

        ScramExchange(ConnectingClient client) {
            this.client = client;
        }

        @Override
        public CompletionStage<Step> step(Optional<byte[]> authenticationData) {
            return CompletableFuture.completedFuture(answer(authenticationData.orElse(new byte[0])));
        }

        private Step answer(byte[] message) {
            try {
                return challenge == null ? challenge(ClientFirst.parse(message)) : decide(message);
            } catch (BadMessageException e) {
                LOG.debug("client {}: a message of SCRAM will not do: {}", client.clientId(), e.getMessage());
                malformed.increment();
                return new Step.Rejected(ReasonCode.NOT_AUTHORIZED, Optional.empty());
            }
        }

        private Step challenge(ClientFirst first) throws BadMessageException {
            if (client.userName().isPresent()
                    && !Attributes.prepared(client.userName().get()).equals(first.userName())) {
                throw new BadMessageException("CONNECT has another user name");
            }
            ScramFile users = file.get().orElseThrow();
            ScramSecret decoy =
                    users.decoyOf(first.userName()); // whether it is needed or not, for the time that it takes
            ScramSecret secret = users.secretOf(first.userName()).orElse(decoy);
            String nonce = first.nonce() + nonces.get();
            String serverFirst = "r=" + nonce + ",s=" + secret.saltText() + ",i=" + secret.iterations();
            challenge = new Challenge(first, secret, nonce, serverFirst);
            return new Step.Continue(Optional.of(serverFirst.getBytes(UTF_8)));
        }

        private Step decide(byte[] message) throws BadMessageException {
            ClientFirst first = challenge.first();
            ClientFinal last = ClientFinal.parse(message, first.gs2Header(), challenge.nonce());
            String authMessage = first.bare() + "," + challenge.serverFirst() + "," + last.withoutProof();
            ScramSecret secret = challenge.secret();
            boolean proved = secret.proves(last.proof(), authMessage);
            // Once more: who was taken out meanwhile, or has another password, does not come in.
            Optional<ScramSecret> now = file.get().orElseThrow().secretOf(first.userName());
            if (now.isEmpty() || !proved || !now.get().same(secret)) {
                (now.isEmpty() ? unknown : rejected).increment();
                return new Step.Rejected(ReasonCode.BAD_USER_NAME_OR_PASSWORD, Optional.empty());
            }
            accepted.increment();
            String signature = Base64.getEncoder().encodeToString(secret.serverSignature(authMessage));
            return new Step.Accepted(Identity.of(first.userName()), Optional.of(("v=" + signature).getBytes(UTF_8)));
        }
    }
}
