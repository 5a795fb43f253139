/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import io.bascule.transport.EventLoop;
import io.bascule.transport.Transport;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The tasks and timers that wait on the transport's event loops, whoever put them there. Netty does not tell, so its queues are looked at. */
final class ScheduledTasks {
    private static final long TO_ANSWER_SECONDS = 10;

    private ScheduledTasks() {}

    static int on(Transport transport) {
        int sum = 0;
        for (EventLoop eventLoop : transport.eventLoops()) {
            CompletableFuture<Integer> count = new CompletableFuture<>();
            eventLoop.execute(() -> count.completeAsync(() -> queued(eventLoop), Runnable::run));
            try {
                sum += count.get(TO_ANSWER_SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return sum;
    }

    private static int queued(EventLoop eventLoop) {
        Object queue = field(field(eventLoop, "netty"), "scheduledTaskQueue");
        return queue == null ? 0 : ((Collection<?>) queue).size();
    }

    private static Object field(Object object, String name) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    try {
                        field.setAccessible(true);
                        return field.get(object);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        }
        throw new IllegalStateException(object.getClass() + " has no field " + name);
    }
}
