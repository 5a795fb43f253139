/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.api.Identity;
import io.bascule.mqtt.ReasonCode;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.AuthenticationResult.Abstained;
import io.bascule.spi.AuthenticationResult.Accepted;
import io.bascule.spi.AuthenticationResult.Rejected;
import io.bascule.spi.Authenticator;
import io.bascule.spi.ConnectingClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Knows users and their passwords from {@code etc/example.users.cfg}, a line {@code user.NAME = PASSWORD} each. */
@Component(
        configurationPid = "example.users",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=10")
public final class Users implements Authenticator {
    private final Map<String, Object> passwords;

    @Activate
    public Users(Map<String, Object> properties) {
        passwords = properties;
    }

    @Override
    public CompletionStage<AuthenticationResult> authenticate(ConnectingClient client) {
        return CompletableFuture.completedFuture(judge(client));
    }

    private AuthenticationResult judge(ConnectingClient client) {
        if (client.userName().isEmpty()) {
            return new Abstained();
        }
        String name = client.userName().get();
        Object expected = passwords.get("user." + name);
        if (expected == null || !isSame(expected.toString(), client.password())) {
            return Rejected.with(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
        Set<String> groups = name.equals("boss") ? Set.of("operators") : Set.of();
        return new Accepted(new Identity(Optional.of(name), groups));
    }

    private static boolean isSame(String expected, Optional<byte[]> password) {
        return password.isPresent() && MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), password.get());
    }
}
