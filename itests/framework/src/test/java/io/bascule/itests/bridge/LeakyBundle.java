/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle that takes what a bridge takes, and forgets to give back what the system property {@value #FORGETS} names. */
public final class LeakyBundle implements BundleActivator {
    static final String FORGETS = "io.bascule.itests.forgets";
    static final String TIMER = "timer";
    static final String SESSION = "session";
    static final String NOTHING = "nothing";

    private static final long PERIOD_MILLIS = 3_600_000;

    private Timer timer;
    private Session session;

    @Override
    public void start(BundleContext context) {
        timer = new Timer("leaky-" + context.getBundle().getBundleId(), true);
        timer.schedule(new Tick(), PERIOD_MILLIS, PERIOD_MILLIS);
        String clientId = "leaky-" + UUID.randomUUID();
        Broker broker = context.getService(context.getServiceReference(Broker.class));
        session = broker.open(SessionOptions.temporary(clientId), new Deaf())
                .toCompletableFuture()
                .join();
        session.subscribe(List.of(Subscription.of(TopicFilter.of(clientId + "/#"), QoS.AT_LEAST_ONCE)))
                .toCompletableFuture()
                .join();
    }

    @Override
    public void stop(BundleContext context) {
        String forgets = System.getProperty(FORGETS);
        if (!TIMER.equals(forgets)) {
            timer.cancel();
        }
        if (!SESSION.equals(forgets)) {
            session.end();
        }
    }

    /** Does nothing, again and again: a timer without a task would end by itself. */
    static final class Tick extends TimerTask {
        @Override
        public void run() {
            // Nothing.
        }
    }

    /** Hears nothing, and keeps this class loader alive while the broker knows it. */
    static final class Deaf implements SessionListener {
        @Override
        public void message(Delivery delivery) {
            // Nobody publishes to it.
        }
    }
}
