/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Packet Identifiers that a bundle has its session forget, since those who use them from now on are others. */
class ForgottenIdentifiersTest extends StoredBrokerTestBase {
    private final Message message = Message.of(Topic.of("a"), new byte[1], QoS.EXACTLY_ONCE, false);

    private Session openSession() {
        return get(broker.broker().open(SessionOptions.lasting("s"), delivery -> {}));
    }

    private CompletableFuture<ReasonCode> publish(Session session) {
        CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
        session.publish(5, message, false, answer::complete);
        return answer;
    }

    private CompletableFuture<ReasonCode> release(Session session) {
        CompletableFuture<ReasonCode> answer = new CompletableFuture<>();
        session.pubrel(5, answer::complete);
        return answer;
    }

    /** A request that changes nothing is how a bridge finds out. */
    @Test
    void areForgottenOnDiskWhenTheNextRequestIsAnswered() {
        Session session = openSession();
        get(publish(session));
        broker.disk().hold();

        session.forgetReceived();
        CompletableFuture<List<ReasonCode>> answer =
                session.unsubscribe(List.of()).toCompletableFuture();
        get(session.subscriptions()); // the session has had its turn

        assertThat(answer).isNotDone();
        broker.disk().release();
        assertThat(get(answer)).isEmpty();
        restart();
        assertThat(get(release(openSession()))).isEqualTo(ReasonCode.PACKET_IDENTIFIER_NOT_FOUND);
    }

    @Test
    void areRememberedOtherwise() {
        get(publish(openSession()));
        restart();
        assertThat(get(release(openSession()))).isEqualTo(ReasonCode.SUCCESS);
    }
}
