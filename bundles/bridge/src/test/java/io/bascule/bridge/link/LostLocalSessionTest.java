/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.BridgeStatus;
import io.bascule.api.QueueInfo;
import io.bascule.mqtt.QoS;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Somebody ends the local session while the bridge does not hold it, and with it the identifiers of what was on its way. */
class LostLocalSessionTest extends LazyFixture {

    private void sendTwoThatAreNotAnswered() {
        deliver("up/a", QoS.AT_LEAST_ONCE, 5, false);
        deliver("up/b", QoS.AT_LEAST_ONCE, 6, false);
        assertThat(remote.sent).containsExactly("PUBLISH far/a q1 #5", "PUBLISH far/b q1 #6");
    }

    private void sendAnotherThatIsAnswered() {
        deliver("up/c", QoS.AT_LEAST_ONCE, 5, false);
        remote.acknowledge(Acknowledgement.PUBACK, 5);
        assertBooks("up", 3, 1, Map.of(DropReasons.SESSION_LOST, 2L));
    }

    @Test
    void countsWhatWasLostWithItWhenItIsSubscribedAnew() {
        connectLazy();
        sendTwoThatAreNotAnswered();
        ask(Control::stop);

        ask(Control::start);
        broker.present = false;
        broker.opened(remote.loop); // to subscribe it
        rests(QueueInfo.NONE);
        establish(true, ServerProperties.NONE);

        sendAnotherThatIsAnswered();
        remote.loop.advance(IDLE_TIMEOUT.plusSeconds(2));
        assertThat(status().state()).isEqualTo(BridgeStatus.State.IDLE);
    }

    @Test
    void countsWhatWasLostWithItWhenADrainSealsItAnew() {
        connect();
        sendTwoThatAreNotAnswered();
        remote.close("lost");

        ask(Control::drain);
        broker.present = false;
        broker.opened(remote.loop); // to take its subscriptions away
        establish(true, ServerProperties.NONE);

        sendAnotherThatIsAnswered();
    }

    @Test
    void countsWhatWasLostWithItWhenTheConnectionIsBack() {
        connect();
        sendTwoThatAreNotAnswered();
        remote.close("lost");

        broker.present = false;
        comeBack(true, ServerProperties.NONE);

        sendAnotherThatIsAnswered();
    }
}
