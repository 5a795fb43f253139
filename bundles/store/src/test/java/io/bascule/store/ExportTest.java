/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Store.Exported;
import io.bascule.store.log.SimulatedFolder;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a store is exported to. */
@Timeout(60)
class ExportTest {
    private final FullStore full = new FullStore(new SimulatedFolder(new SplittableRandom(1)));

    @BeforeEach
    void fill() throws IOException {
        full.open();
        full.fill();
    }

    @AfterEach
    void close() throws IOException {
        full.close();
    }

    @Test
    void writesALineForEachThing() throws IOException {
        StringWriter to = new StringWriter();
        Exported exported = full.store().export(to, () -> true);
        List<String> lines = to.toString().lines().toList();

        assertThat(exported).isEqualTo(new Exported(2, 4, 2, 0));
        assertThat(lines)
                .containsExactly(
                        "{\"format\":\"bascule-store\",\"version\":1}",
                        "{\"type\":\"session\",\"clientId\":\"away \\\"ü\\ud83d\\ude00\",\"sessionExpiryInterval\":100,"
                                + "\"away\":7,\"overlap\":\"COPY_PER_SUBSCRIPTION\",\"queueLimits\":{\"messages\":5,"
                                + "\"bytes\":1099511627776,\"ageMillis\":1500,\"overflow\":\"BLOCK\"},"
                                + "\"subscriptions\":[{\"filter\":\"$share/g/a/#\",\"qos\":1,\"noLocal\":false,"
                                + "\"retainAsPublished\":false,\"retainHandling\":\"SEND\",\"identifier\":0},"
                                + "{\"filter\":\"a/+\",\"qos\":2,\"noLocal\":true,\"retainAsPublished\":true,"
                                + "\"retainHandling\":\"DO_NOT_SEND\",\"identifier\":268435455}],"
                                + "\"inFlight\":[{\"packetId\":9,\"received\":true},{\"packetId\":3,\"received\":false}],"
                                + "\"accepted\":[5,65535]}",
                        "{\"type\":\"session\",\"clientId\":\"here\",\"sessionExpiryInterval\":4294967295,"
                                + "\"overlap\":\"ONE_COPY\",\"will\":{\"delayInterval\":30,\"topic\":\"will\",\"qos\":1,"
                                + "\"retain\":true,\"payload\":\"gone\",\"messageExpiryInterval\":60,"
                                + "\"clientId\":\"here\",\"userName\":\"user\",\"groups\":[\"g1\",\"g2\"],"
                                + "\"version\":\"MQTT_5\",\"listener\":\"tls\",\"trusted\":true},"
                                + "\"subscriptions\":[],\"inFlight\":[],\"accepted\":[]}",
                        "{\"type\":\"message\",\"topic\":\"a/1\",\"qos\":2,\"retain\":false,\"payload\":\"1\",\"age\":9,"
                                + "\"receivers\":[{\"clientId\":\"away \\\"ü\\ud83d\\ude00\",\"qos\":2,"
                                + "\"retain\":false,\"packetId\":3}]}",
                        "{\"type\":\"message\",\"topic\":\"a/2\",\"qos\":2,\"retain\":true,\"payload\":\"2\",\"age\":9,"
                                + "\"receivers\":[{\"clientId\":\"away \\\"ü\\ud83d\\ude00\",\"qos\":2,"
                                + "\"retain\":true,\"subscriptionIdentifiers\":[268435455],\"packetId\":9},"
                                + "{\"clientId\":\"away \\\"ü\\ud83d\\ude00\",\"qos\":1,\"retain\":false},"
                                + "{\"clientId\":\"here\",\"qos\":1,\"retain\":false}]}",
                        "{\"type\":\"message\",\"topic\":\"a/3\",\"qos\":1,\"retain\":false,"
                                + "\"payloadBase64\":\"AP+A\",\"messageExpiryInterval\":50,"
                                + "\"payloadFormatIndicator\":0,\"contentType\":\"text/plain\","
                                + "\"responseTopic\":\"answer\",\"correlationDataBase64\":\"/w==\","
                                + "\"userProperties\":[{\"name\":\"n\",\"value\":\"1\"},{\"name\":\"n\",\"value\":\"2\"}],"
                                + "\"age\":9,\"receivers\":[{\"clientId\":\"here\",\"qos\":1,\"retain\":false}]}",
                        "{\"type\":\"message\",\"topic\":\"a/4\",\"qos\":1,\"retain\":false,"
                                + "\"payload\":\"\\u0000\\u001b\\\\\",\"age\":7,"
                                + "\"receivers\":[{\"clientId\":\"here\",\"qos\":1,\"retain\":false}]}",
                        "{\"type\":\"retained\",\"topic\":\"a/2\",\"qos\":2,\"retain\":true,\"payload\":\"2\"}",
                        "{\"type\":\"retained\",\"topic\":\"r\",\"qos\":0,\"retain\":true,\"payload\":\"r\","
                                + "\"messageExpiryInterval\":3}",
                        "{\"type\":\"end\",\"sessions\":2,\"messages\":4,\"retained\":2}");
    }

    @Test
    void endsWhenNobodyWantsIt() {
        assertThatThrownBy(() -> full.store().export(new StringWriter(), () -> false))
                .isInstanceOf(CancellationException.class);
    }
}
