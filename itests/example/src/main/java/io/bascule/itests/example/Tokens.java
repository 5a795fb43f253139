/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bascule.spi.CredentialProvider;
import io.bascule.spi.Credentials;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** What bridges with {@code credentials = tokens} say to their remote brokers. */
@Component(property = CredentialProvider.NAME + "=tokens")
public final class Tokens implements CredentialProvider {

    @Override
    public CompletionStage<Credentials> credentials(Bridge bridge) {
        Instant expires = Instant.now().plus(Duration.ofHours(1));
        return CompletableFuture.completedFuture(new Credentials(
                Optional.of(bridge.clientId()), Optional.of(token(bridge, expires)), Optional.of(expires)));
    }

    /** Nobody's token: where there is an issuer, it signs one. */
    private static byte[] token(Bridge bridge, Instant expires) {
        return (bridge.server() + " until " + expires).getBytes(UTF_8);
    }
}
