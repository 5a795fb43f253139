/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeHistory;
import io.bascule.api.Broker;
import io.bascule.api.DeletedBridges;
import io.bascule.api.Listener;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.shell.command.Services;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Registers the commands where this bundle is wired to Gogo and not to Karaf's shell. It is there whether the broker
 * runs or not: a command then says so. No class of Gogo's stands in this one, which loads without it.
 */
@Component(
        immediate = true,
        service = {})
public final class GogoCommands {
    private static final String GOGO = "org.apache.felix.service.command";
    private static final String KARAF = "org.apache.karaf.shell.api.action";

    private final ResourceScope scope = new ResourceScope("shell");

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Broker broker;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Listener> listeners;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<Bridge> bridges;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile BridgeHistory history;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile DeletedBridges deletedBridges;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile BridgeConfigurations configurations;

    /** A method, not the constructor: references that come and go are fields, which are set between the two. */
    @Activate
    void activate(BundleContext context) {
        Bundle bundle = context.getBundle();
        if (imports(bundle, GOGO) && !imports(bundle, KARAF)) {
            GogoFunctions.register(
                    context,
                    this::services,
                    () -> !scope.isClosed(),
                    registration -> scope.hold(ResourceKind.SERVICE, registration::unregister));
        }
    }

    @Deactivate
    void deactivate() {
        scope.close();
    }

    private Services services() {
        return new Services(
                Optional.ofNullable(broker),
                listeners,
                bridges,
                Optional.ofNullable(history),
                Optional.ofNullable(deletedBridges),
                Optional.ofNullable(configurations));
    }

    private static boolean imports(Bundle bundle, String packageName) {
        return bundle.adapt(BundleWiring.class).getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .anyMatch(wire -> packageName.equals(
                        wire.getCapability().getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)));
    }
}
