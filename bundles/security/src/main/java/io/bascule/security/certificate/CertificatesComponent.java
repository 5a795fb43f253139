/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.certificate;

import io.bascule.api.SecurityProvider;
import io.bascule.config.ConfigReader;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceScope;
import io.bascule.security.provider.ConfiguredProvider;
import io.bascule.security.provider.ProviderServices;
import io.bascule.spi.Authenticator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One way to read certificates: a factory configuration {@code io.bascule.certificates~NAME}, an {@link Authenticator} while it is valid. */
@Component(
        configurationPid = "io.bascule.certificates",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = CertificatesForm.class, factory = true)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"io.bascule.api.SecurityProvider,io.bascule.spi.Authenticator\"",
        effective = "active")
public final class CertificatesComponent {
    private static final Logger LOG = LoggerFactory.getLogger(CertificatesComponent.class);

    private final ResourceScope scope;

    /** Registers what there is. */
    @Activate
    public CertificatesComponent(BundleContext context, Map<String, Object> properties) {
        Map<String, Object> latest = LatestConfiguration.of(context, properties);
        ConfigReader reader = ConfigReader.of(latest);
        String pid = String.valueOf(latest.get(Constants.SERVICE_PID));
        String name = ProviderServices.nameOf(pid);
        int ranking = reader.integer("ranking", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        UserField user = reader.choice("user", UserField.class, UserField.CN);
        boolean unitsAreGroups = reader.choice("groups", Map.of("none", false, "ou", true), false);
        List<String> errors = reader.errors();
        scope = new ResourceScope("certificates " + name);
        try {
            CertificateAuthenticator authenticator = new CertificateAuthenticator(name, user, unitsAreGroups);
            ProviderServices services = new ProviderServices(context, scope, pid, ranking);
            services.register(
                    SecurityProvider.class,
                    new ConfiguredProvider(name, "certificates", errors, authenticator::figures, Optional::empty));
            if (errors.isEmpty()) {
                services.register(Authenticator.class, authenticator);
            }
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    @Deactivate
    void stop() {
        scope.close();
        LOG.info("{}", scope.ledger());
    }
}
