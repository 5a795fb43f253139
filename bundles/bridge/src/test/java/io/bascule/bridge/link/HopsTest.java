/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.Server;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HopsTest {
    private static final Message FRESH = Message.of("t", "x");

    private static final Server SERVER = new Server(Server.Scheme.MQTT, "h", 1883, "");

    private final BrokerIds ids = new BrokerIds();
    private final Hops hops = new Hops("here", new RemoteName("here", SERVER, ids), 3);

    @BeforeEach
    void theRemoteBrokerHasSaidItsId() {
        ids.learn(SERVER, "there");
    }

    @Test
    void notesWhereAMessageComesFrom() {
        assertThat(hops.out(FRESH).map(HopsTest::way)).contains(List.of("here"));
        assertThat(hops.in(FRESH).map(HopsTest::way)).contains(List.of("there"));
        assertThat(hops.out(after(FRESH, "a", "b")).map(HopsTest::way)).contains(List.of("a", "b", "here"));
    }

    @Test
    void namesABrokerThatDoesNotSayItsIdByItsAddressAsItIsFromHere() {
        String name = RemoteName.standIn("here", SERVER);

        assertThat(name)
                .matches("[A-Za-z0-9_-]{16}")
                .isEqualTo(RemoteName.standIn("here", new Server(Server.Scheme.MQTT, "h", 1883, "")));
        assertThat(RemoteName.standIn("here", new Server(Server.Scheme.MQTT, "h", 1884, "")))
                .isNotEqualTo(name);
        assertThat(RemoteName.standIn("elsewhere", SERVER)).isNotEqualTo(name);
    }

    @Test
    void refusesWhatComesToABrokerAgain() {
        assertThat(hops.out(after(FRESH, "there"))).isEmpty();
        assertThat(hops.out(after(FRESH, "here", "a"))).isEmpty();
        assertThat(hops.in(after(FRESH, "here", "a"))).isEmpty();
    }

    /** One bridge of this broker is told the id of the remote one and another, of 3.1.1, is not. */
    @Test
    void knowsTheRemoteBrokerByEitherOfItsNames() {
        BrokerIds none = new BrokerIds();
        Hops untold = new Hops("here", new RemoteName("here", SERVER, none), 3);
        Message before = untold.in(FRESH).orElseThrow();
        assertThat(way(before)).containsExactly(RemoteName.standIn("here", SERVER));

        none.learn(SERVER, "there");

        assertThat(untold.out(before)).isEmpty();
        assertThat(untold.in(FRESH).map(HopsTest::way)).contains(List.of("there"));
        assertThat(untold.out(after(FRESH, "there"))).isEmpty();
    }

    @Test
    void refusesWhatHasCrossedBridgesEnough() {
        assertThat(hops.out(after(FRESH, "a", "b"))).isPresent();
        assertThat(hops.out(after(FRESH, "a", "b", "c"))).isEmpty();
        assertThat(hops.in(after(FRESH, "a", "b", "c"))).isEmpty();
    }

    @Test
    void keepsTheOtherPropertiesInTheirOrder() {
        List<UserProperty> publishers =
                List.of(new UserProperty("b", "2"), new UserProperty("a", "1"), new UserProperty("b", "here"));
        MessageProperties properties = new MessageProperties(
                Optional.of(1), Optional.of("text"), Optional.of("r"), Optional.of(new byte[] {7}), publishers);

        MessageProperties onward =
                hops.out(FRESH.withProperties(properties)).orElseThrow().properties();

        List<UserProperty> expected = new ArrayList<>(publishers);
        expected.add(new UserProperty(Hops.PROPERTY, "here"));
        assertThat(onward.userProperties()).isEqualTo(expected);
        assertThat(onward)
                .usingRecursiveComparison()
                .ignoringFields("userProperties")
                .isEqualTo(properties);
    }

    /** The message after it has left these brokers over bridges. */
    static Message after(Message message, String... brokers) {
        return message.withProperties(new MessageProperties(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Stream.of(brokers)
                        .map(broker -> new UserProperty(Hops.PROPERTY, broker))
                        .toList()));
    }

    private static List<String> way(Message message) {
        return message.properties().userProperties().stream()
                .map(UserProperty::value)
                .toList();
    }
}
