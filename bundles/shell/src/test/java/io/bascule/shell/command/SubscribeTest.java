/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Delivery;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.shell.command.Fakes.FakeBroker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class SubscribeTest {
    private static final byte[] BINARY = {(byte) 0xff, 0, 1};

    private final FakeBroker broker = new FakeBroker();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void endsItsSessionWhenItIsInterrupted() throws Exception {
        FutureTask<Void> command = running("a/#", "2", false);

        command.cancel(true);

        broker.session.ended.await();
        assertThat(broker.session.calls).containsExactly("subscribe a/# 2");
        assertThat(broker.options.clientId()).startsWith("console-");
        assertThat(broker.options.cleanStart()).isTrue();
        assertThat(broker.options.sessionExpiryInterval()).isZero();
    }

    @Test
    void printsAndThenAcknowledges() throws Exception {
        FutureTask<Void> command = running("#", "2", false);
        deliver(0, QoS.AT_MOST_ONCE, "a", "zero");
        deliver(7, QoS.AT_LEAST_ONCE, "b", "one");
        deliver(8, QoS.EXACTLY_ONCE, "c", "two");
        broker.listener.pubrel(8);

        broker.listener.closed(ReasonCode.SERVER_SHUTTING_DOWN);

        assertThatThrownBy(command::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessage("The broker ended the session: Server shutting down (0x8B).");
        assertThat(output()).isEqualTo("""
                        Subscribed to #; Ctrl-C ends it.
                        a  zero
                        b  one
                        c  two
                        """);
        assertThat(broker.session.calls).containsExactly("subscribe # 2", "puback 7", "pubrec 8", "pubcomp 8");
        assertThat(broker.session.ended.getCount()).isZero();
    }

    @Test
    void printsNoByteThatATerminalObeys() throws Exception {
        FutureTask<Void> command = running("#", "0", false);
        deliver(0, QoS.AT_MOST_ONCE, "t\u001b", "\u001b[31m\nnext");
        broker.listener.message(delivery(0, QoS.AT_MOST_ONCE, "bin", BINARY));
        broker.listener.message(delivery(0, QoS.AT_MOST_ONCE, "big", new byte[] {(byte) 0x80, 65}));
        deliver(0, QoS.AT_MOST_ONCE, "long", "x".repeat(3000));

        broker.listener.closed(ReasonCode.SERVER_SHUTTING_DOWN);
        assertThatThrownBy(command::get);

        assertThat(output().lines().skip(1))
                .containsExactly(
                        "t\\u001b  \\u001b[31m\\nnext",
                        "bin  (3 bytes) ff 00 01",
                        "big  (2 bytes) 80 41",
                        "long  " + "x".repeat(2000) + "… (3000 bytes in all)");
    }

    @Test
    void printsOneObjectALineForPrograms() throws Exception {
        FutureTask<Void> command = running("#", "0", true);
        deliver(0, QoS.AT_MOST_ONCE, "a", "say \"hi\"\n");
        broker.listener.message(delivery(0, QoS.AT_MOST_ONCE, "bin", BINARY));

        broker.listener.closed(ReasonCode.SERVER_SHUTTING_DOWN);
        assertThatThrownBy(command::get);

        String head = "{\"topic\":\"%s\",\"qos\":0,\"retain\":false,\"dup\":false,";
        assertThat(output().lines())
                .containsExactly(
                        head.formatted("a") + "\"payload\":\"say \\\"hi\\\"\\n\"}",
                        head.formatted("bin") + "\"payloadBase64\":\"/wAB\"}");
    }

    @Test
    void endsWhenItIsNoLongerWanted() {
        Subscribe.of("#", "0", false).run(Fakes.services(broker), stream(), () -> false);

        assertThat(broker.session.ended.getCount()).isZero();
    }

    @Test
    void endsWhenTheConsoleHasGone() {
        PrintStream gone = stream();
        gone.close();

        Subscribe.of("#", "0", false).run(Fakes.services(broker), gone, () -> true);

        assertThat(broker.session.ended.getCount()).isZero();
    }

    @Test
    void passesOnWhyItWasRefused() {
        broker.session.answer = ReasonCode.NOT_AUTHORIZED;

        assertThatThrownBy(() -> Subscribe.of("#", "0", false).run(Fakes.services(broker), stream(), () -> true))
                .hasMessage("The broker refused the subscription: Not authorized (0x87).");
        assertThat(broker.session.ended.getCount()).isZero();
    }

    @Test
    void saysWhatIsWrongWithTheInput() {
        assertThatThrownBy(() -> Subscribe.of(null, "0", false))
                .hasMessage(
                        "A topic filter is missing. Quote what begins with # or holds a $, as in mqtt:subscribe '#'.");
        assertThatThrownBy(() -> Subscribe.of("a/#/b", "0", false))
                .hasMessage("# is the last level of a topic filter, in \"a/#/b\" more follow.");
    }

    @Test
    void leavesOutWhatComesTooFastAndSaysSo() throws Exception {
        Inbox inbox = new Inbox();
        for (int i = 0; i < Inbox.CAPACITY + 5; i++) {
            inbox.message(delivery(0, QoS.AT_MOST_ONCE, "a", BINARY));
        }
        inbox.message(delivery(1, QoS.AT_LEAST_ONCE, "a", BINARY));

        assertThat(inbox.skipped()).isEqualTo(5);
        int taken = 0;
        while (!inbox.isEmpty()) {
            inbox.next(Duration.ZERO);
            taken++;
        }
        assertThat(taken).isEqualTo(Inbox.CAPACITY + 1);
    }

    private FutureTask<Void> running(String filter, String qos, boolean json) throws InterruptedException {
        FutureTask<Void> command = new FutureTask<>(() -> {
            Subscribe.of(filter, qos, json).run(Fakes.services(broker), stream(), () -> true);
            return null;
        });
        new Thread(command, "console").start();
        broker.session.subscribed.await();
        return command;
    }

    private void deliver(int packetId, QoS qos, String topic, String text) {
        broker.listener.message(delivery(packetId, qos, topic, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static Delivery delivery(int packetId, QoS qos, String topic, byte[] payload) {
        return new Delivery(packetId, Message.of(Topic.of(topic), payload, qos, false), qos, false, false, new int[0]);
    }

    private PrintStream stream() {
        return new PrintStream(printed, false, StandardCharsets.UTF_8);
    }

    private String output() {
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
