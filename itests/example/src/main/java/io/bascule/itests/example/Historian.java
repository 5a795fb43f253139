/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.TopicFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Writes down what is published, and misses nothing while it is not there. */
@Component(immediate = true, service = Historian.class)
public final class Historian implements SessionListener {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CompletionStage<Session> opening;
    private final List<String> written = new ArrayList<>();
    private volatile Session session;

    @Activate
    public Historian(@Reference Broker broker) {
        SessionOptions options = SessionOptions.lasting("historian").on(thread).withReceiveMaximum(16);
        opening = broker.open(options, this);
    }

    @Override
    public void opened(Session opened) {
        session = opened;
        if (!opened.present()) {
            opened.subscribe(List.of(Subscription.of(TopicFilter.of("history/#"), QoS.EXACTLY_ONCE)));
        }
    }

    @Override
    public void message(Delivery delivery) {
        write(delivery.message());
        switch (delivery.qos()) {
            case AT_MOST_ONCE -> {}
            case AT_LEAST_ONCE -> session.puback(delivery.packetId(), ReasonCode.SUCCESS);
            case EXACTLY_ONCE -> session.pubrec(delivery.packetId(), ReasonCode.SUCCESS);
        }
    }

    @Override
    public void pubrel(int packetId) {
        session.pubcomp(packetId);
    }

    @Deactivate
    void close() {
        opening.thenAccept(Session::close).whenComplete((closed, failure) -> thread.shutdown());
    }

    /** The disk is full: messages wait in the session. */
    void pause() {
        session.ready(false);
    }

    /** There is room again. */
    void resume() {
        session.ready(true);
    }

    private synchronized void write(Message message) {
        written.add(message.text());
    }

    synchronized String written() {
        return String.join(" ", written);
    }
}
