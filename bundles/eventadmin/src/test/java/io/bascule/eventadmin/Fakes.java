/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.eventadmin;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** A framework without Configuration Admin and a broker with one session, which note what they are told. */
final class Fakes {
    final List<Message> published = new CopyOnWriteArrayList<>();
    final List<Boolean> ready = new CopyOnWriteArrayList<>();
    /** Services that are registered, with their properties. */
    final Map<Object, Dictionary<?, ?>> services = Collections.synchronizedMap(new LinkedHashMap<>());

    volatile int open;
    volatile boolean refuses;
    private SessionListener listener;
    private String clientId;

    BundleContext context() {
        return fake(BundleContext.class, (proxy, method, args) -> switch (method.getName()) {
            case "getServiceReference" -> null;
            case "registerService" -> {
                services.put(args[1], (Dictionary<?, ?>) args[2]);
                yield fake(ServiceRegistration.class, (registration, call, none) -> services.remove(args[1]));
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    Broker broker() {
        return fake(Broker.class, (proxy, method, args) -> {
            if (refuses) {
                return CompletableFuture.failedFuture(new IllegalStateException("full"));
            }
            open++;
            clientId = ((SessionOptions) args[0]).clientId();
            listener = (SessionListener) args[1];
            return CompletableFuture.completedFuture(session());
        });
    }

    private Session session() {
        Executor here = Runnable::run;
        return fake(Session.class, (proxy, method, args) -> switch (method.getName()) {
            case "clientId" -> clientId;
            case "executor" -> here;
            case "subscribe" ->
                CompletableFuture.completedFuture(Collections.nCopies(((List<?>) args[0]).size(), ReasonCode.SUCCESS));
            case "publish" -> {
                published.add((Message) args[1]);
                yield null;
            }
            case "ready" -> {
                ready.add((Boolean) args[0]);
                yield null;
            }
            case "end" -> {
                open--;
                yield null;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    /** As if the broker had it for the session. */
    void deliver(Message message) {
        listener.message(new Delivery(0, message, QoS.AT_MOST_ONCE, false, false, new int[0]));
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
