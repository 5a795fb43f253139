/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.Delivery;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.UserProperty;
import io.bascule.shell.command.Fakes.FakeBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SubscribeTest {
    private static final byte[] BINARY = {(byte) 0xff, 0, 1};

    private final FakeBroker broker = new FakeBroker();
    private final Printed printed = new Printed();

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
    void tellsProgramsThePropertiesThatTheMessageHas() throws Exception {
        FutureTask<Void> command = running("#", "0", true);
        MessageProperties properties = new MessageProperties(
                Optional.of(1),
                Optional.of("text/plain"),
                Optional.of("answers"),
                Optional.of(BINARY),
                List.of(new UserProperty("unit", "C"), new UserProperty("unit", "K")));
        Message message = Message.of("a", "x").withProperties(properties).expiringIn(Duration.ofHours(1));
        broker.listener.message(new Delivery(0, message, QoS.AT_MOST_ONCE, false, false, new int[0]));

        broker.listener.closed(ReasonCode.SERVER_SHUTTING_DOWN);
        assertThatThrownBy(command::get);

        assertThat(output().lines())
                .containsExactly("{\"topic\":\"a\",\"qos\":0,\"retain\":false,\"dup\":false,\"payload\":\"x\","
                        + "\"messageExpiryInterval\":3600,\"payloadFormatIndicator\":1,\"contentType\":\"text/plain\","
                        + "\"responseTopic\":\"answers\",\"correlationDataBase64\":\"/wAB\",\"userProperties\":["
                        + "{\"name\":\"unit\",\"value\":\"C\"},{\"name\":\"unit\",\"value\":\"K\"}]}");
    }

    @Test
    void asksWhetherTheShellHasTakenAVariableAway() throws Exception {
        FutureTask<Void> command = running("/g/x", "0", false);

        command.cancel(true);
        broker.session.ended.await();

        assertThat(output()).startsWith("Subscribed to /g/x; Ctrl-C ends it. Was there a $?");
    }

    @Test
    void endsWhenItIsNoLongerWanted() {
        Subscribe.of("#", "0").run(() -> Fakes.services(broker), console(false, () -> false));

        assertThat(broker.session.ended.getCount()).isZero();
    }

    @Test
    void endsWhenTheConsoleHasGone() {
        Console gone = console(false, () -> true);
        gone.out().close();

        Subscribe.of("#", "0").run(() -> Fakes.services(broker), gone);

        assertThat(broker.session.ended.getCount()).isZero();
    }

    @Test
    void passesOnWhyItWasRefused() {
        broker.session.answer = ReasonCode.NOT_AUTHORIZED;

        assertThatThrownBy(() -> Subscribe.of("#", "0").run(() -> Fakes.services(broker), console(false, () -> true)))
                .hasMessage("The broker refused the subscription: Not authorized (0x87).");
        assertThat(broker.session.ended.getCount()).isZero();
    }

    @Test
    void saysWhatIsWrongWithTheInput() {
        assertThatThrownBy(() -> Subscribe.of(null, "0"))
                .hasMessage(
                        "A topic filter is missing. Quote what begins with # or holds a $, as in mqtt:subscribe '#'.");
        assertThatThrownBy(() -> Subscribe.of("a/#/b", "0"))
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
            Subscribe.of(filter, qos).run(() -> Fakes.services(broker), console(json, () -> true));
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

    private Console console(boolean json, BooleanSupplier wanted) {
        return printed.console(json, wanted);
    }

    private String output() {
        return printed.text();
    }
}
