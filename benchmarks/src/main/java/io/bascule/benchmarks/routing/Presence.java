/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.routing;

import io.bascule.broker.extension.Extensions;
import io.bascule.security.acl.AclText;
import io.bascule.spi.MessageInterceptor;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.osgi.framework.ServiceReference;

/** What is there that looks at messages. */
public enum Presence {
    NOTHING,
    /** One that changes nothing. */
    INTERCEPTOR {
        @Override
        void plugInto(Extensions extensions) {
            extensions.addInterceptor(reference(), (MessageInterceptor) (publisher, message) -> Optional.of(message));
        }
    },
    /** An ACL file of a thousand lines, which allows what is published here. */
    ACL {
        @Override
        void plugInto(Extensions extensions) {
            String lines = IntStream.range(0, LINES)
                    .mapToObj(i -> "allow all plant/" + i + "/+/temperature\n")
                    .collect(Collectors.joining());
            extensions.addAuthorizer(reference(), AclText.authorizer(lines));
        }
    },
    BOTH {
        @Override
        void plugInto(Extensions extensions) {
            INTERCEPTOR.plugInto(extensions);
            ACL.plugInto(extensions);
        }
    };

    private static final int LINES = 1000;

    void plugInto(Extensions extensions) {}

    /** A reference as a framework would have it, as far as it is looked at here. */
    @SuppressWarnings("unchecked")
    private static <S> ServiceReference<S> reference() {
        return (ServiceReference<S>) Proxy.newProxyInstance(
                Presence.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> method.getName().equals("compareTo") ? 0 : null);
    }
}
