/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.api.Broker;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Shows what is published last, as long as it is there. */
@Component(immediate = true, service = Dashboard.class)
public final class Dashboard {
    private final CompletionStage<Session> session;
    private final Map<String, String> shown = new TreeMap<>();

    @Activate
    public Dashboard(@Reference Broker broker) {
        session = broker.open(SessionOptions.temporary("dashboard"), delivery -> show(delivery.message()));
        session.thenAccept(
                opened -> opened.subscribe(List.of(Subscription.of(TopicFilter.of("plant/#"), QoS.AT_MOST_ONCE))));
    }

    @Deactivate
    void close() {
        session.thenAccept(Session::close);
    }

    private synchronized void show(Message message) {
        shown.put(message.topic().name(), message.text());
    }

    synchronized String shown() {
        return shown.toString();
    }
}
