/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.provider;

import io.bascule.api.SecurityProvider;
import io.bascule.resource.Lease;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceScope;
import java.util.Hashtable;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * The services of one provider, held by its scope. Each has the provider's name and ranking, and the PID of its configuration, by which
 * others see that a provider which is configured is there.
 *
 * @param pid of the configuration, {@code io.bascule.passwords~plant}
 */
public record ProviderServices(BundleContext context, ResourceScope scope, String pid, int ranking) {

    /** What stands behind the tilde of a factory configuration's PID. */
    public static String nameOf(String pid) {
        return pid.substring(pid.indexOf('~') + 1);
    }

    /** Registers a service until the lease or the scope is closed. */
    public <S> Lease register(Class<S> type, S service) {
        Map<String, Object> properties = Map.of(
                SecurityProvider.NAME, nameOf(pid), Constants.SERVICE_RANKING, ranking, Constants.SERVICE_PID, pid);
        return scope.hold(
                ResourceKind.SERVICE, context.registerService(type, service, new Hashtable<>(properties))::unregister);
    }
}
