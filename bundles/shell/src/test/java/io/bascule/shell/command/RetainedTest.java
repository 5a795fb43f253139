/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Table;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The commands of retained messages. */
class RetainedTest {
    private final FakeBroker broker = new FakeBroker();
    private final Services services = Fakes.services(broker);

    @Test
    void listsThoseThatMatch() {
        retain("plant/b", "x".repeat(100));
        retain("plant/a", "on");
        retain("other", "");
        broker.retained.add(Message.of(Topic.of("plant/bin"), new byte[] {-1, 0}, QoS.AT_LEAST_ONCE, true));

        assertThat(Json.line(Retained.of("plant/#", null).run(services)))
                .isEqualTo("[" + row("plant/a", 0, 2, "on") + "," + row("plant/b", 0, 100, "x".repeat(40) + "…") + ","
                        + row("plant/bin", 1, 2, "ff 00") + "]");
        assertThat(((Table) Retained.of(null, null).run(services)).rows()).hasSize(4);
    }

    @Test
    void showsNoMoreThanFitOnAScreenAndSaysSo() {
        for (int i = 0; i < 1001; i++) {
            retain("t/" + i, "x");
        }

        Table table = (Table) Retained.of("t/#", null).run(services);
        Table all = (Table) Retained.of("t/#", "1001").run(services);

        assertThat(table.rows()).hasSize(1000);
        assertThat(table.note()).hasValue("There are more than 1000: a narrower filter or --limit shows them.");
        assertThat(all.rows()).hasSize(1001);
        assertThat(all.note()).isEmpty();
    }

    @Test
    void showsOneWithItsProperties() {
        MessageProperties properties = new MessageProperties(
                Optional.empty(), Optional.of("text/plain"), Optional.empty(), Optional.empty(), List.of());
        broker.retained.add(Message.of("plant/a", "on")
                .withRetain(true)
                .withProperties(properties)
                .expiringIn(Duration.ofMinutes(1)));

        assertThat(Json.line(RetainedGet.of("plant/a").run(services)))
                .isEqualTo("{\"topic\":\"plant/a\",\"qos\":0,\"bytes\":2,\"payload\":\"on\","
                        + "\"messageExpiryInterval\":60,\"contentType\":\"text/plain\"}");
    }

    @Test
    void namesTheNearestTopic() {
        retain("plant/line1/state", "on");
        retain("$SYS/uptime", "1");

        assertThatThrownBy(() -> RetainedGet.of("plant/lin1/state").run(services))
                .hasMessage("Nothing is retained at plant/lin1/state; did you mean plant/line1/state?");
        assertThatThrownBy(() -> RetainedGet.of("$SYS/uptimes").run(services))
                .hasMessage("Nothing is retained at $SYS/uptimes; did you mean $SYS/uptime?");
        assertThatThrownBy(() -> RetainedDelete.of("plant/line2/state").run(services))
                .hasMessageEndingWith("did you mean plant/line1/state?");
        assertThatThrownBy(() -> RetainedGet.of("/z").run(services))
                .hasMessage("Nothing is retained at /z; mqtt:retained lists what is."
                        + " Was there a $? The shell has taken it for a variable; quote it: '…'.");
    }

    @Test
    void deletesOneOrAllThatMatch() {
        retain("a", "1");
        retain("b/1", "1");
        retain("b/2", "1");

        assertThat(deleted("a").text()).isEqualTo("Deleted 1 retained message at a.");
        Sentence answer = deleted("b/#");
        assertThat(answer.text()).isEqualTo("Deleted 2 retained messages at b/#.");
        assertThat(Json.line(answer)).isEqualTo("{\"filter\":\"b/#\",\"deleted\":2}");
        assertThat(deleted("b/#").text()).isEqualTo("Nothing is retained at b/#.");
        assertThat(broker.retained).isEmpty();
    }

    @Test
    void saysWhatIsWrongWithTheInput() {
        assertThatThrownBy(() -> RetainedDelete.of(null))
                .hasMessage("A topic filter is missing. Quote what begins with # or holds a $,"
                        + " as in mqtt:retained-delete '#'.");
        assertThatThrownBy(() -> RetainedDelete.of("$share/g/a"))
                .hasMessage("No message is retained for a shared subscription; leave out $share/g/.");
        assertThatThrownBy(() -> Retained.of("a", "0")).hasMessage("--limit is 1 to 1000000, not 0.");
    }

    private Sentence deleted(String filter) {
        return (Sentence) RetainedDelete.of(filter).run(services);
    }

    private void retain(String topic, String text) {
        broker.retained.add(Message.of(topic, text).withRetain(true));
    }

    private static String row(String topic, int qos, int bytes, String beginning) {
        return "{\"topic\":\"" + topic + "\",\"qos\":" + qos + ",\"bytes\":" + bytes
                + ",\"messageExpiryInterval\":null,\"beginning\":\"" + beginning + "\"}";
    }
}
