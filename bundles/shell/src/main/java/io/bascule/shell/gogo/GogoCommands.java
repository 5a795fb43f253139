/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import io.bascule.shell.command.CurrentServices;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

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

    @Activate
    public GogoCommands(BundleContext context, @Reference CurrentServices services) {
        Bundle bundle = context.getBundle();
        if (imports(bundle, GOGO) && !imports(bundle, KARAF)) {
            GogoFunctions.register(
                    context,
                    services,
                    () -> !scope.isClosed(),
                    registration -> scope.hold(ResourceKind.SERVICE, registration::unregister));
        }
    }

    @Deactivate
    void deactivate() {
        scope.close();
    }

    private static boolean imports(Bundle bundle, String packageName) {
        return bundle.adapt(BundleWiring.class).getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE).stream()
                .anyMatch(wire -> packageName.equals(
                        wire.getCapability().getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE)));
    }
}
