/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionListener;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Authorizer;
import io.bascule.store.StoreSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A broker that starts, as it always does, before those who say what its clients may do. */
class MissingAuthorizerRestartTest extends StoredBrokerTestBase {
    @Override
    StoredBroker open() {
        return new StoredBroker(
                folder,
                Map.of(),
                Map.of("authorizers", "rights"),
                new StoreSettings(StoredBroker.log(1 << 20), StoreSettings.HEAP_BYTES));
    }

    private void again() {
        broker.close();
        broker = open();
    }

    private Registered<Authorizer> comes() {
        return NamedProvidersTest.says(broker.extensions(), "rights", Authorizer.Decision.ALLOW);
    }

    private BlockingQueue<String> heard() {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        Session session = get(broker.broker().open(SessionOptions.temporary("heard"), new SessionListener() {
            @Override
            public void message(Delivery delivery) {
                heard.add(delivery.message().text());
            }
        }));
        get(session.subscribe(List.of(Subscription.of(TopicFilter.of("wills"), QoS.AT_MOST_ONCE))));
        return heard;
    }

    @Test
    void keepsWillsThatAreDueOverRestartsUntilHeComes() throws InterruptedException {
        Registered<Authorizer> rights = comes();
        TestClient subscriber = connect(lasting("mourner"));
        subscriber.subscribe("wills", 1);
        connect(TestClient.v5("short").will("wills", "short's", 1, false));
        connect(lasting("long").will("wills", "long's", 1, false));
        broker.extensions().removeAuthorizer(rights);

        for (int i = 0; i < 3; i++) {
            again();
            BlockingQueue<String> heard = heard();
            assertThat(broker.broker().session("short")).isPresent();
            assertThat(heard).isEmpty();
        }
        BlockingQueue<String> heard = heard();
        comes();
        List<String> wills = new ArrayList<>();
        wills.add(heard.poll(8, TimeUnit.SECONDS));
        wills.add(heard.poll(8, TimeUnit.SECONDS));
        assertThat(wills).containsExactlyInAnyOrder("short's", "long's");
        TestClient back = resume(lasting("mourner"));
        assertThat(List.of(back.message().payload(), back.message().payload()))
                .containsExactlyInAnyOrder("short's", "long's");

        again();
        BlockingQueue<String> later = heard();
        comes();
        assertThat(broker.broker().session("short")).isEmpty();
        assertThat(later).isEmpty();
    }
}
