/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.api.AccessTest;
import io.bascule.config.LatestConfiguration;
import io.bascule.resource.ResourceScope;
import io.bascule.security.file.FileProvider;
import io.bascule.security.file.ProviderConfig;
import io.bascule.security.file.Watch;
import io.bascule.spi.Authorizer;
import java.util.Map;
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
 * One ACL file: a factory configuration {@code io.bascule.acl~NAME}. It is an {@link Authorizer} from when there is a whole file
 * on, and tells why it is none.
 */
@Component(
        configurationPid = "io.bascule.acl",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true,
        service = {})
@Designate(ocd = AclForm.class, factory = true)
@Capability(
        namespace = "osgi.service",
        attribute =
                "objectClass:List<String>=\"io.bascule.api.AccessTest,io.bascule.api.SecurityProvider,io.bascule.spi.Authorizer\"",
        effective = "active")
public final class AclComponent {
    private static final Logger LOG = LoggerFactory.getLogger(AclComponent.class);

    private final ResourceScope scope;

    /** Reads the file, and begins to watch it. */
    @Activate
    public AclComponent(BundleContext context, Map<String, Object> properties) {
        ProviderConfig config =
                ProviderConfig.read(LatestConfiguration.of(context, properties), ProviderConfig.base(context));
        scope = new ResourceScope("acl " + config.name());
        try {
            start(context, config);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    private void start(BundleContext context, ProviderConfig config) {
        FileProvider<AclFile> provider = new FileProvider<>(config, AclFile.FORMAT);
        AclAuthorizer authorizer = new AclAuthorizer(config.name(), provider::content);
        Watch<Authorizer> watch =
                new Watch<>(context, scope, provider.with(authorizer::figures), Authorizer.class, authorizer);
        watch.start();
        watch.register(AccessTest.class, authorizer);
    }

    @Deactivate
    void stop() {
        scope.close();
        LOG.info("{}", scope.ledger());
    }
}
