/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.hostile;

import static io.bascule.itests.support.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.itests.client.Version;
import io.bascule.itests.hostile.Conversation.Verdict;
import io.bascule.itests.hostile.HostileRemote.Script;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.support.Residue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** What a remote broker may think of. A bridge carries on or resets the connection, and nobody else feels anything of it. */
public class HostileScenesIT extends HostileContract {
    private static final long VERDICT_SECONDS = 30;
    private static final long BYTE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int ACCEPT_MILLIS = 500;
    private static final int RETAINED = 20_000;
    private static final int RETAINED_BYTES = 1024;
    private static final int UNKNOWN_ID = 4711;
    private static final List<Version> VERSIONS = List.of(Version.MQTT_5, Version.MQTT_3_1_1);

    private Residue before;

    /** What a script says of its connections, one after the other. */
    @FunctionalInterface
    private interface Judged {
        Verdict play(Conversation with) throws IOException;
    }

    @Before
    public void measure() throws IOException {
        before = baseline();
    }

    @After
    public void leavesNothing() throws IOException {
        assertWorking();
        watch().assertQuiet();
        removeBridges();
        assertNothingLeft(before);
    }

    /** The first verdict on a bridge of this version. */
    private Verdict verdict(Version version, Judged script) throws Exception {
        BlockingQueue<Verdict> verdicts = new LinkedBlockingQueue<>();
        Script once = with -> {
            with.connect();
            verdicts.add(script.play(with));
        };
        bridgeTo(new HostileRemote(version, once), Map.of());
        Verdict verdict = verdicts.poll(VERDICT_SECONDS, TimeUnit.SECONDS);
        assertThat(verdict).as("a verdict on MQTT %s", version.number()).isNotNull();
        return verdict;
    }

    private Verdict onceSubscribed(Version version, Judged script) throws Exception {
        return verdict(version, with -> {
            with.accept();
            with.subscribed(ROUTES);
            return script.play(with);
        });
    }

    /** It is left to its own devices after twice the time that there is for CONNACK. */
    private void givesUp(Script silent) throws IOException {
        for (Version version : VERSIONS) {
            HostileRemote remote = new HostileRemote(version, silent);
            bridgeTo(remote, Map.of("connect.timeout", "500ms"));
            eventually("it has given up twice", () -> remote.connections() > 2);
        }
    }

    @Test(timeout = 120_000)
    @Cve("NanoMQ #2145")
    public void aConnAckThatNeverEnds() throws Exception {
        givesUp(with -> {
            with.connect();
            with.send(Bytes.of(0x20).variable(60_000).toArray());
            while (true) {
                with.send((byte) 0);
                LockSupport.parkNanos(BYTE_NANOS);
            }
        });
    }

    @Test(timeout = 120_000)
    public void aSubAckThatNeverComes() throws Exception {
        givesUp(with -> {
            with.connect();
            with.accept();
            with.subscribe();
            with.subscribe();
            while (true) {
                with.send((byte) 0xD0, (byte) 0);
                LockSupport.parkNanos(BYTE_NANOS);
            }
        });
    }

    @Test(timeout = 120_000)
    public void aConnAckLargerThanAnyPacket() throws Exception {
        for (Version version : VERSIONS) {
            assertThat(verdict(
                            version,
                            with -> with.judgeBeforeConnAck(
                                    Bytes.of(0x20).variable(100 << 20).u8(0, 0).toArray())))
                    .isEqualTo(Verdict.RESETS);
        }
    }

    @Test(timeout = 120_000)
    @Cve("NanoMQ #2145")
    public void aConnAckOfPropertiesWithoutEnd() throws Exception {
        Bytes properties = Bytes.of();
        for (int i = 0; i < 5_000; i++) {
            properties.u8(0x26).utf8("name").utf8("v");
        }
        byte[] connAck = Bytes.of(0, 0).properties(properties).packet(0x20);

        assertThat(verdict(Version.MQTT_5, with -> with.judgeBeforeConnAck(connAck)))
                .isEqualTo(Verdict.RESETS);
    }

    @Test(timeout = 120_000)
    @Cve("CVE-2024-10525")
    public void aSubAckWithoutReasonCodes() throws Exception {
        for (Version version : VERSIONS) {
            assertThat(verdict(version, with -> {
                        with.accept();
                        return with.judge(ServerPackets.subAck(version, with.subscribe()));
                    }))
                    .isEqualTo(Verdict.RESETS);
        }
    }

    /** Of one filter there is one. */
    @Test(timeout = 120_000)
    public void aSubAckOfMoreFiltersThanThereAre() throws Exception {
        for (Version version : VERSIONS) {
            assertThat(verdict(version, with -> {
                        with.accept();
                        int[] reasons = new int[10_000];
                        return with.judge(ServerPackets.subAck(version, with.subscribe(), reasons));
                    }))
                    .isNotEqualTo(Verdict.HANGS);
        }
    }

    @Test(timeout = 120_000)
    public void answersToWhatWasNeverAsked() throws Exception {
        for (Version version : VERSIONS) {
            assertThat(onceSubscribed(
                            version,
                            with -> with.judge(Bytes.of()
                                    .raw(ServerPackets.subAck(version, UNKNOWN_ID, 0))
                                    .raw(ServerPackets.subAck(version, UNKNOWN_ID, 0x80))
                                    .raw(ServerPackets.unsubAck(version, UNKNOWN_ID))
                                    .raw(Bytes.of().packet(0xD0))
                                    .toArray())))
                    .isEqualTo(Verdict.CARRIES_ON);
        }
    }

    @Test(timeout = 120_000)
    public void acknowledgementsOfWhatWasNeverSent() throws Exception {
        for (Version version : VERSIONS) {
            for (int acknowledgement : new int[] {0x40, 0x50, 0x62, 0x70}) {
                Bytes many = Bytes.of();
                for (int i = 1; i <= 1_000; i++) {
                    many.raw(Bytes.of().u16(i * 60).packet(acknowledgement));
                }
                assertThat(onceSubscribed(version, with -> with.judge(many.toArray())))
                        .as("%x", acknowledgement)
                        .isEqualTo(Verdict.CARRIES_ON);
            }
        }
    }

    @Test(timeout = 120_000)
    @Cve("CVE-2024-3935")
    public void topicsOutsideOfTheMapping() throws Exception {
        List<String> topics = List.of(
                "elsewhere/x",
                "here/x",
                "ping",
                "out/x",
                "top",
                "top/$SYS/broker/uptime",
                "top/$share/group/x",
                "top/$",
                "$SYS/broker/uptime",
                "$share/group/in/x",
                "$in/x",
                "/in/x",
                "In/x");
        for (Version version : VERSIONS) {
            Bytes all = Bytes.of();
            for (int i = 0; i < topics.size(); i++) {
                for (int qos = 0; qos <= 2; qos++) {
                    all.raw(ServerPackets.publish(version, topics.get(i), qos, 100 + 10 * i + qos, "astray"));
                }
            }
            assertThat(onceSubscribed(version, with -> with.judge(all.toArray())))
                    .isEqualTo(Verdict.CARRIES_ON);
        }
    }

    @Test(timeout = 120_000)
    public void topicsThatAreNone() throws Exception {
        for (Version version : VERSIONS) {
            for (String topic : List.of("", "in/#", "in/+/x", "in/\0", "in/x" + "/".repeat(60_000) + "#")) {
                assertThat(onceSubscribed(
                                version, with -> with.judge(ServerPackets.publish(version, topic, 0, 0, "astray"))))
                        .as("%.20s", topic)
                        .isEqualTo(Verdict.RESETS);
            }
        }
    }

    @Test(timeout = 120_000)
    @Cve("CVE-2024-3935")
    public void aTopicOfManyLevels() throws Exception {
        for (Version version : VERSIONS) {
            assertThat(onceSubscribed(
                            version,
                            with -> with.judge(
                                    ServerPackets.publish(version, "in/" + "/".repeat(60_000), 1, 7, "deep"))))
                    .isNotEqualTo(Verdict.HANGS);
        }
    }

    @Test(timeout = 120_000)
    public void topicAliasesBeyondWhatWasAllowed() throws Exception {
        for (String topic : List.of("", "in/x")) {
            for (int alias : new int[] {0, 65, 65_535}) { // a bridge allows 64
                assertThat(withAlias(topic, alias)).isEqualTo(Verdict.RESETS);
            }
        }
        assertThat(withAlias("", 64)).as("it stands for no topic").isEqualTo(Verdict.RESETS);
        assertThat(withAlias("in/x", 64)).isEqualTo(Verdict.CARRIES_ON);
    }

    private Verdict withAlias(String topic, int alias) throws Exception {
        byte[] publish =
                Bytes.of().utf8(topic).properties(Bytes.of(0x23).u16(alias)).packet(0x30);
        return onceSubscribed(Version.MQTT_5, with -> with.judge(publish));
    }

    @Test(timeout = 120_000)
    public void moreRetainedMessagesThanAnybodyAskedFor() throws Exception {
        byte[] payload = new byte[RETAINED_BYTES];
        Arrays.fill(payload, (byte) 'x');
        String text = new String(payload, UTF_8);
        for (Version version : VERSIONS) {
            assertThat(onceSubscribed(version, with -> {
                        for (int i = 0; i < RETAINED; i++) {
                            byte[] publish = ServerPackets.publish(version, "in/" + i, 0, 0, text);
                            publish[0] |= 1;
                            with.send(publish);
                        }
                        return with.probe();
                    }))
                    .isEqualTo(Verdict.CARRIES_ON);
        }
        assertThat(broker.retained(Watch.MAPPED, 2 * RETAINED)).hasSizeBetween(1, RETAINED);
    }

    /** A remote broker says where else the bridge is to go (MQTT 5.0, section 4.13). It goes where its file says. */
    @Test(timeout = 120_000)
    @Cve("CVE-2026-27446")
    public void anotherServerToGoTo() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            other.setSoTimeout(ACCEPT_MILLIS);
            Bytes reference = Bytes.of(0x1C).utf8("127.0.0.1:" + other.getLocalPort());
            byte[] connAck = Bytes.of(0, 0x9D).properties(reference).packet(0x20);
            byte[] disconnect = Bytes.of(0x9C).properties(reference).packet(0xE0);

            assertThat(verdict(Version.MQTT_5, with -> with.judgeBeforeConnAck(connAck)))
                    .isEqualTo(Verdict.RESETS);
            assertThat(onceSubscribed(Version.MQTT_5, with -> with.judge(disconnect)))
                    .isEqualTo(Verdict.RESETS);

            for (HostileRemote remote : remotes()) {
                int connections = remote.connections();
                eventually("it comes back", () -> remote.connections() > connections + 2);
            }
            assertThatThrownBy(other::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
