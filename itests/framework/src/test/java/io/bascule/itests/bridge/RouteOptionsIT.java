/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.MosquittoPub;
import io.bascule.itests.peers.MosquittoSub;
import io.bascule.itests.support.InFramework;
import java.util.Map;
import org.junit.Test;

/** What routes make of messages, as Mosquitto's own clients see it. */
public class RouteOptionsIT extends InFramework {
    private static final String FORMAT = "message|%t|%q|%r|%p;expires %E;answer to %R;%P";

    @Test(timeout = 120_000)
    public void messagesCrossAsTheirRoutesSay() throws Exception {
        int local = openListener("local");
        try (MosquittoProcess remote = MosquittoProcess.start();
                MosquittoSub far = MosquittoSub.start(remote.port(), "mqttv5", "far", 1, "far/data/#", "-F", FORMAT);
                MosquittoSub near = MosquittoSub.start(local, "mqttv5", "near", 1, "answers/#")) {
            configureBridge(
                    "b",
                    Map.of(
                            "server",
                            "mqtt://127.0.0.1:" + remote.port(),
                            "forward.data",
                            "data/+/value/# -> far/data/{2}/{#} exclude=data/secret/# expiry=60s retain=force"
                                    + " property.from={bridge}:{topic}",
                            "subscribe.answers",
                            "far/answers/# -> answers/{#}"));
            awaitConnected("b");
            MosquittoPub.publish(local, "mqttv5", 1, "data/secret/value", "hidden");
            MosquittoPub.publish(
                    local,
                    "mqttv5",
                    1,
                    "data/boiler/value/now",
                    "1",
                    "-D",
                    "publish",
                    "response-topic",
                    "answers/1",
                    "-D",
                    "publish",
                    "user-property",
                    "unit",
                    "C");

            eventually(() -> assertThat(far.received()).singleElement().satisfies(message -> {
                assertThat(message.topic()).isEqualTo("far/data/boiler/now");
                assertThat(message.qos()).isEqualTo(1);
                assertThat(message.payload())
                        .matches("1;expires (60|[1-5]\\d);answer to far/answers/1;unit:C .*")
                        .contains("from:b:data/boiler/value/now");
            }));
            try (MosquittoSub later = MosquittoSub.start(remote.port(), "mqttv5", "later", 1, "far/data/#")) {
                eventually(() -> assertThat(later.received())
                        .containsExactly(new MosquittoSub.Received("far/data/boiler/now", 1, true, "1")));
            }
            MosquittoPub.publish(remote.port(), "mqttv5", 1, "far/answers/1", "done");
            eventually(() -> assertThat(near.received())
                    .containsExactly(new MosquittoSub.Received("answers/1", 1, false, "done")));
        }
    }
}
