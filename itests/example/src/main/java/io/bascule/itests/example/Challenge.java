/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.ConnectingClient;
import io.bascule.spi.EnhancedAuthenticator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Asks a 5.0 client for the HMAC of a number that it cannot foresee, with the key from {@code etc/example.challenge.cfg}. */
@Component(configurationPid = "example.challenge", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Challenge implements EnhancedAuthenticator {
    private final byte[] key;
    private final SecureRandom random = new SecureRandom();

    @Activate
    public Challenge(Map<String, Object> properties) {
        key = properties.get("key").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String authenticationMethod() {
        return "EXAMPLE-HMAC";
    }

    @Override
    public Exchange begin(ConnectingClient client) {
        byte[] challenge = new byte[16];
        random.nextBytes(challenge);
        return new Exchange() {
            private boolean sent;

            @Override
            public CompletionStage<Step> step(Optional<byte[]> authenticationData) {
                Step step =
                        sent ? judge(client, challenge, authenticationData) : new Step.Continue(Optional.of(challenge));
                sent = true;
                return CompletableFuture.completedFuture(step);
            }
        };
    }

    private Step judge(ConnectingClient client, byte[] challenge, Optional<byte[]> answer) {
        return answer.isPresent() && MessageDigest.isEqual(hmac(challenge), answer.get())
                ? new Step.Accepted(Identity.of(client.clientId()), Optional.empty())
                : new Step.Rejected(ReasonCode.NOT_AUTHORIZED, Optional.empty());
    }

    private byte[] hmac(byte[] challenge) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(challenge);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // rejects the client
        }
    }
}
