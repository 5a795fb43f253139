/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import io.bascule.api.Users;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.security.file.FileProvider;
import io.bascule.security.file.ProviderConfig;
import io.bascule.security.file.Watch;
import io.bascule.security.provider.Verifiers;
import io.bascule.security.users.FileUsers;
import io.bascule.spi.Authenticator;
import java.util.Map;
import java.util.concurrent.Executor;
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
 * One password file: a factory configuration {@code io.bascule.passwords~NAME}. It is an {@link Authenticator} from when there is a whole file
 * on, and tells why it is none.
 */
@Component(
        configurationPid = "io.bascule.passwords",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = PasswordsForm.class, factory = true)
@Capability(
        namespace = "osgi.service",
        attribute =
                "objectClass:List<String>=\"io.bascule.api.SecurityProvider,io.bascule.api.Users,io.bascule.spi.Authenticator\"",
        effective = "active")
public final class PasswordsComponent {
    private static final Logger LOG = LoggerFactory.getLogger(PasswordsComponent.class);

    private final ResourceScope scope;

    /** Reads the file, and begins to watch it. */
    @Activate
    public PasswordsComponent(BundleContext context, Map<String, Object> properties) {
        ProviderConfig config =
                ProviderConfig.read(LatestConfiguration.of(context, properties), ProviderConfig.base(context));
        scope = new ResourceScope("passwords " + config.name());
        try {
            start(context, config);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private void start(BundleContext context, ProviderConfig config) {
        Verifiers verifiers = new Verifiers("passwords-" + config.name());
        scope.hold(ResourceKind.THREAD_POOL, verifiers::close);
        FileProvider<PasswordFile> provider = new FileProvider<>(config, PasswordFile.FORMAT);
        PasswordAuthenticator authenticator = new PasswordAuthenticator(provider::content, verifiers);
        Watch<Authenticator> watch =
                new Watch<>(context, scope, provider.with(authenticator::figures), Authenticator.class, authenticator);
        Executor editor = watch.start();
        if (config.errors().isEmpty()) {
            watch.register(Users.class, new FileUsers<>(provider, new PasswordHashing(), editor));
        }
    }

    @Deactivate
    void stop() {
        scope.close();
        LOG.info("{}", scope.ledger());
    }
}
