/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import io.bascule.mqtt.Message;
import io.bascule.spi.MessageSubscriber;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle that is subscribed to {@value #FILTER} while it is started, and hangs in the first call. */
public final class ListeningBundle implements BundleActivator {
    static final String FILTER = "hangs/#";

    @Override
    public void start(BundleContext context) {
        context.registerService(
                MessageSubscriber.class,
                new Hanging(),
                new Hashtable<>(Map.of(MessageSubscriber.TOPIC_FILTER, FILTER)));
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }

    /** Waits for what never comes. */
    static final class Hanging implements MessageSubscriber {
        @Override
        public void message(Message message) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
