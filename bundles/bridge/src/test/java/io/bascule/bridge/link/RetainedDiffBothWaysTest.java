/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.Bridge.Direction;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.UserProperty;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A forward route with {@code retain=diff}, and what comes back from there. */
class RetainedDiffBothWaysTest extends RetainedDiffFixture {
    @BeforeEach
    void back() {
        file.put("subscribe.down", "far/# -> up/{#} retain=diff");
    }

    private void comesBack(String topic, String text) {
        remote.publish(retained(topic, text, QoS.AT_LEAST_ONCE), 1, false);
        settle(ReasonCode.SUCCESS);
    }

    @Test
    void doesNotSendBackWhatHasComeFromThere() {
        connectAndCompare(false);
        remote.publish(retained("far/a", "1", QoS.AT_LEAST_ONCE), 1, false);
        broker.retain(broker.published.get(0));
        settle(ReasonCode.SUCCESS);

        reconnectAndCompare(true);

        assertThat(crossed()).isEmpty();
    }

    @Test
    void sendsAgainWhatAnotherOneHasReplacedThere() {
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        remote.publish(retained("far/a", "2", QoS.AT_LEAST_ONCE), 1, false);
        settle(ReasonCode.SUCCESS);

        retain("up/a", "1");
        reconnectAndCompare(true);

        assertThat(crossed()).containsExactly("far/a=1");
    }

    /** Its copy here may have expired. */
    @Test
    void deletesNothingThereThatIsAnothers() {
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        comesBack("far/a", "9");

        retain("up/a", "");
        reconnectAndCompare(true);

        assertThat(crossed()).isEmpty();
    }

    @Test
    void isNotSureOfWhatIsOnItsWayBehindADeletion() {
        connectAndCompare(false);
        publish("up/a", "2", 1);
        comesBack("far/a", "");
        assertThat(crossed()).containsExactly("far/a=2");

        retain("up/a", "");
        reconnectAndCompare(true);

        assertThat(crossed()).containsExactly("far/a=");
    }

    @Test
    void knowsFromWhereItHasCome() {
        file.put("subscribe.down", "down/# -> up/{#} retain=diff");
        retain("up/a", "1");
        connectAndCompare(false);
        assertThat(crossed()).containsExactly("far/a=1");
        comesBack("down/a", "");

        retain("up/a", "");
        reconnectAndCompare(true);

        assertThat(crossed()).containsExactly("far/a=");
    }

    @Test
    void knowsItsOwnAgainAsTheRouteHasMadeIt() {
        file.put("forward.up", "up/# -> far/{#} retain=diff property.site=north");
        retain("up/a", "1");
        retain("up/b", "1");
        retain("up/c", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(3);
        remote.publish(retained("far/a", "1", QoS.AT_LEAST_ONCE).withProperties(hops("site", "north")), 1, false);
        remote.publish(retained("far/b", "1", QoS.AT_MOST_ONCE), 0, false);
        remote.publish(retained("far/c", "2", QoS.AT_MOST_ONCE), 0, false);

        reconnectAndCompare(true);

        assertThat(crossed()).containsExactly("far/c=1");
    }

    private MessageProperties hops(String name, String value) {
        return new MessageProperties(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new UserProperty(Hops.PROPERTY, broker.id), new UserProperty(name, value)));
    }

    @Test
    void isNotSureOfWhatAnotherHasReplacedThatDoesNotGetHere() {
        retain("up/a", "1");
        retain("up/b", "1");
        retain("up/c", "1");
        connectAndCompare(false);
        assertThat(crossed()).hasSize(3);
        MessageProperties hops = new MessageProperties(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(new UserProperty(Hops.PROPERTY, broker.id)));
        remote.publish(retained("far/a", "9", QoS.AT_LEAST_ONCE).withProperties(hops), 1, false);
        link.control().pause(Direction.SUBSCRIBE);
        remote.loop.runTasks();
        remote.publish(retained("far/b", "9", QoS.AT_MOST_ONCE), 0, false);
        link.control().resume(Direction.SUBSCRIBE);
        remote.loop.runTasks();
        assertThat(broker.published).isEmpty();

        reconnectAndCompare(true);

        assertThat(crossed()).containsExactlyInAnyOrder("far/a=1", "far/b=1");
    }
}
