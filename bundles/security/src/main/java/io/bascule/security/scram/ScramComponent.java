/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import io.bascule.api.Users;
import io.bascule.config.ConfigReader;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceScope;
import io.bascule.security.file.FileProvider;
import io.bascule.security.file.ProviderConfig;
import io.bascule.security.file.Watch;
import io.bascule.security.users.FileUsers;
import io.bascule.spi.EnhancedAuthenticator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SCRAM file: a factory configuration {@code io.bascule.scram~NAME}. It is an {@link EnhancedAuthenticator} from when there is a whole
 * file on, and tells why it is none.
 */
@Component(
        configurationPid = "io.bascule.scram",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = ScramForm.class, factory = true)
@Capability(
        namespace = "osgi.service",
        attribute =
                "objectClass:List<String>=\"io.bascule.api.SecurityProvider,io.bascule.api.Users,io.bascule.spi.EnhancedAuthenticator\"",
        effective = "active")
public final class ScramComponent {
    private static final Logger LOG = LoggerFactory.getLogger(ScramComponent.class);
    private static final int NONCE_BYTES = 18;

    private final ResourceScope scope;

    /** Reads the file, and begins to watch it. */
    @Activate
    public ScramComponent(BundleContext context, Map<String, Object> properties) {
        Map<String, Object> latest = LatestConfiguration.of(context, properties);
        ConfigReader reader = ConfigReader.of(latest);
        int iterations = reader.integer(
                "iterations",
                ScramSecret.FEWEST_ITERATIONS,
                ScramSecret.FEWEST_ITERATIONS,
                ScramSecret.MOST_ITERATIONS);
        ProviderConfig config = ProviderConfig.read(reader, latest, ProviderConfig.base(context));
        scope = new ResourceScope("scram " + config.name());
        try {
            start(context, config, new ScramHashing(iterations));
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private void start(BundleContext context, ProviderConfig config, ScramHashing hashing) {
        FileProvider<ScramFile> provider = new FileProvider<>(config, ScramFile.FORMAT);
        ScramAuthenticator authenticator = new ScramAuthenticator(provider::content, nonces());
        Watch<EnhancedAuthenticator> watch = new Watch<>(
                context, scope, provider.with(authenticator::figures), EnhancedAuthenticator.class, authenticator);
        Executor editor = watch.start();
        if (config.errors().isEmpty()) {
            watch.register(Users.class, new FileUsers<>(provider, hashing, editor));
        }
    }

    private static Supplier<String> nonces() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            return Base64.getEncoder().encodeToString(nonce);
        };
    }

    @Deactivate
    void stop() {
        scope.close();
        LOG.info("{}", scope.ledger());
    }
}
