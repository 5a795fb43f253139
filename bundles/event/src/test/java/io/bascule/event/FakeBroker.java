/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.event;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** A broker with one session, which does what the test lets it do and notes what it was told. */
final class FakeBroker {
    final List<Subscription> subscriptions = new ArrayList<>();
    final List<Message> published = Collections.synchronizedList(new ArrayList<>());
    final List<Integer> packetIds = new ArrayList<>();
    final List<Integer> released = new ArrayList<>();
    final List<Boolean> ready = Collections.synchronizedList(new ArrayList<>());
    /** What the event loop has not come to, while {@link #stalled}. */
    final Queue<Runnable> tasks = new ArrayDeque<>();

    boolean stalled;
    boolean acknowledges = true;
    boolean ended;
    ReasonCode answer = ReasonCode.SUCCESS;
    ReasonCode subscribed = ReasonCode.SUCCESS;
    CompletableFuture<Session> opening = CompletableFuture.completedFuture(fake(Session.class, this::session));
    SessionOptions options;
    SessionListener listener;

    private final Executor executor = task -> {
        if (stalled) {
            tasks.add(task);
        } else {
            task.run();
        }
    };

    Broker broker() {
        return fake(Broker.class, (proxy, method, args) -> {
            if (!method.getName().equals("open")) {
                throw new UnsupportedOperationException(method.getName());
            }
            options = (SessionOptions) args[0];
            listener = (SessionListener) args[1];
            return opening;
        });
    }

    @SuppressWarnings("unchecked")
    private Object session(Object proxy, java.lang.reflect.Method method, Object[] args) {
        switch (method.getName()) {
            case "clientId":
                return options.clientId();
            case "executor":
                return executor;
            case "subscribe":
                subscriptions.addAll((List<Subscription>) args[0]);
                return CompletableFuture.completedFuture(
                        subscriptions.stream().map(each -> subscribed).toList());
            case "publish":
                packetIds.add((Integer) args[0]);
                published.add((Message) args[1]);
                if ((Integer) args[0] > 0 && acknowledges) {
                    ((Consumer<ReasonCode>) args[2]).accept(answer);
                }
                return null;
            case "pubrel":
                released.add((Integer) args[0]);
                return null;
            case "ready":
                ready.add((Boolean) args[0]);
                return null;
            case "end":
                ended = true;
                return null;
            default:
                throw new UnsupportedOperationException(method.getName());
        }
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    /** Delivers a message to the session, as a subscription of QoS 0 has it delivered. */
    void deliver(Message message) {
        listener.message(new Delivery(0, message, io.bascule.mqtt.QoS.AT_MOST_ONCE, false, false, new int[0]));
    }

    /** Lets the event loop come to what it was given. */
    void run() {
        stalled = false;
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }
}
