/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import io.bascule.bridge.link.Interception;
import io.bascule.mqtt.Message;
import io.bascule.spi.BridgeInterceptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interceptors that there are, in their order. Where there is none a message costs one read of an empty list. */
@Component(service = BridgeInterceptors.class)
public final class BridgeInterceptors implements Interception {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeInterceptors.class);

    private volatile List<Present> inOrder = List.of();

    /** @param told whether it was said of it that it fails */
    private record Present(
            ServiceReference<BridgeInterceptor> reference, BridgeInterceptor interceptor, AtomicBoolean told) {

        boolean isFor(String bridge) {
            Object names = reference.getProperty(BridgeInterceptor.BRIDGE);
            if (names instanceof String[] several) {
                return List.of(several).contains(bridge);
            } else if (names instanceof Collection<?> several) {
                return several.contains(bridge);
            }
            return names == null || names.equals(bridge);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addInterceptor(ServiceReference<BridgeInterceptor> reference, BridgeInterceptor interceptor) {
        List<Present> more = new ArrayList<>(inOrder);
        more.add(new Present(reference, interceptor, new AtomicBoolean()));
        more.sort(Comparator.comparing(Present::reference).reversed());
        inOrder = List.copyOf(more);
    }

    synchronized void removeInterceptor(ServiceReference<BridgeInterceptor> reference) {
        inOrder = inOrder.stream()
                .filter(each -> !each.reference().equals(reference))
                .toList();
    }

    @Override
    public Optional<Message> cross(BridgeInterceptor.Way way, Message message) {
        Optional<Message> result = Optional.of(message);
        for (Present each : inOrder) {
            if (each.isFor(way.bridge())) {
                result = cross(each, way, result.get());
                if (result.isEmpty()) {
                    return result;
                }
            }
        }
        return result;
    }

    private static Optional<Message> cross(Present present, BridgeInterceptor.Way way, Message message) {
        try {
            return Objects.requireNonNull(present.interceptor().cross(way, message), "it returns null");
        } catch (RuntimeException | LinkageError e) { // of another bundle
            if (present.told().compareAndSet(false, true)) {
                LOG.warn(
                        "bridge {}: an interceptor, {}, has dropped a message of route {}: {}; further ones are only counted",
                        way.bridge(),
                        present.interceptor().getClass().getName(),
                        way.route(),
                        e.toString());
            }
            return Optional.empty();
        }
    }

    @Override
    public boolean isNobody() {
        return inOrder.isEmpty();
    }
}
