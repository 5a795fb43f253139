/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import io.bascule.broker.extension.Extensions;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.EnhancedAuthenticator;
import io.bascule.spi.MessageInterceptor;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.osgi.framework.ServiceReference;

/** A service that is plugged into a broker until it is closed, as the framework would do it. */
final class Plugged implements AutoCloseable {
    private final Runnable unplug;

    private Plugged(Runnable unplug) {
        this.unplug = unplug;
    }

    static Plugged of(Extensions extensions, int ranking, Authenticator service) {
        ServiceReference<Authenticator> reference = reference(ranking);
        extensions.addAuthenticator(reference, service);
        return new Plugged(() -> extensions.removeAuthenticator(reference));
    }

    static Plugged of(Extensions extensions, int ranking, EnhancedAuthenticator service) {
        ServiceReference<EnhancedAuthenticator> reference = reference(ranking);
        extensions.addEnhancedAuthenticator(reference, service);
        return new Plugged(() -> extensions.removeEnhancedAuthenticator(reference));
    }

    static Plugged of(Extensions extensions, int ranking, Authorizer service) {
        ServiceReference<Authorizer> reference = reference(ranking);
        extensions.addAuthorizer(reference, service);
        return new Plugged(() -> extensions.removeAuthorizer(reference));
    }

    static Plugged of(Extensions extensions, int ranking, MessageInterceptor service) {
        ServiceReference<MessageInterceptor> reference = reference(ranking);
        extensions.addInterceptor(reference, service);
        return new Plugged(() -> extensions.removeInterceptor(reference));
    }

    @SuppressWarnings("unchecked")
    private static <S> ServiceReference<S> reference(int ranking) {
        Map<String, Object> properties = Map.of("service.ranking", ranking);
        return (ServiceReference<S>) Proxy.newProxyInstance(
                Plugged.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "compareTo" ->
                        Integer.compare(
                                ranking, (Integer) ((ServiceReference<?>) arguments[0]).getProperty("service.ranking"));
                    case "getProperty" -> properties.get(arguments[0]);
                    case "hashCode" -> ranking;
                    case "equals" -> proxy == arguments[0];
                    default -> "reference " + ranking;
                });
    }

    @Override
    public void close() {
        unplug.run();
    }
}
