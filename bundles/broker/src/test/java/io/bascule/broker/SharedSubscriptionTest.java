/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker;

import static io.netty.handler.codec.mqtt.MqttMessageType.PUBACK;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREC;
import static io.netty.handler.codec.mqtt.MqttMessageType.PUBREL;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.broker.TestClient.Connect;
import io.bascule.broker.TestClient.Packet;
import io.bascule.itests.statements.Cve;
import io.bascule.itests.statements.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shared Subscriptions (MQTT 5.0, section 4.8.2). */
class SharedSubscriptionTest extends BrokerTestBase {

    private static Connect lasting(String clientId) {
        return TestClient.v5(clientId).resuming().lasting(1000);
    }

    /** Whoever of the two got the next message, with the message. */
    private record Turn(TestClient member, TestClient other, Packet message) {}

    private static Turn publish(TestClient publisher, String topic, int qos, TestClient a, TestClient b) {
        publisher.publish(topic, "x", qos, 1);
        publisher.answer(qos == 1 ? PUBACK : PUBREC);
        List<Turn> turns = new ArrayList<>();
        a.soFar().forEach(message -> turns.add(new Turn(a, b, message)));
        b.soFar().forEach(message -> turns.add(new Turn(b, a, message)));
        assertThat(turns).hasSize(1);
        return turns.get(0);
    }

    @Test
    @Statement(v5 = {"MQTT-4.8.2-1", "MQTT-4.8.2-2"})
    @Cve({"CVE-2025-68699", "Moquette #958"})
    void wantsANameAndAFilter() {
        TestClient client = connect(TestClient.v5("shared-names"));
        for (String filter : List.of(
                "$share",
                "$share/",
                "$share/g",
                "$share/g/",
                "$share//t",
                "$share/+/t",
                "$share/#",
                "$share/#/t",
                "$share/g+/t",
                "$share/g#/t",
                "$share/g/t#",
                "$share/g/#/t")) {
            assertThat(client.subscribe(filter, 1).codes()).as(filter).containsExactly(0x8F);
        }
        for (String filter : List.of("$share/g/t", "$share/g//", "$share/g/#", "$share/g$ \u00e4/+/t", "$share/g/$x")) {
            assertThat(client.subscribe(filter, 1).codes()).as(filter).containsExactly(1);
        }
        client.publish("/", "x", 0, 0);
        assertThat(client.lines(2)).containsExactly("/=x q0", "/=x q0"); // for $share/g// and $share/g/#
    }

    @Test
    @Statement(v5 = "MQTT-4.8.2-3")
    void deliversToEachMemberWithItsQos() {
        TestClient[] members = new TestClient[3];
        for (int qos = 0; qos <= 2; qos++) {
            members[qos] = connect(TestClient.v5("granted-" + qos));
            members[qos].subscribe("$share/g/granted", qos);
        }
        TestClient publisher = connect(TestClient.v5("granted-out"));
        for (int id = 1; id <= 30; id++) {
            publisher.publish("granted", "x", 2, id);
            publisher.answer(PUBREC);
        }
        for (int qos = 0; qos <= 2; qos++) {
            assertThat(members[qos].soFar()).extracting(Packet::qos).containsOnly(qos);
        }
    }

    @Test
    void deliversToOneMemberOfEachGroupAndToAllOthers() {
        TestClient a = connect(TestClient.v5("groups-a"));
        TestClient b = connect(TestClient.v5("groups-b"));
        TestClient publisher = connect(TestClient.v5("groups-out"));
        a.subscribe("$share/1/groups/#", 0);
        b.subscribe("$share/1/groups/#", 0);
        a.subscribe("$share/2/groups/#", 0);
        a.subscribe("$share/1/groups/+", 0); // another subscription, though of the same group name
        b.subscribe("groups/x", 0);
        for (int i = 0; i < 20; i++) {
            publisher.publish("groups/x", "x", 0, 0);
        }
        publisher.expectNothing();
        assertThat(a.soFar().size() + b.soFar().size()).isEqualTo(20 * 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Statement(v5 = "MQTT-4.8.2-4")
    void completesADeliveryWhenItsMemberIsBack(int qos) {
        String topic = "completes-" + qos;
        TestClient publisher = connect(TestClient.v5(topic + "-out"));
        TestClient a = connect(lasting(topic + "-a"));
        TestClient b = connect(lasting(topic + "-b"));
        a.subscribe("$share/g/" + topic, qos);
        b.subscribe("$share/g/" + topic, qos);
        Turn turn = publish(publisher, topic, qos, a, b);
        String id = topic + (turn.member == a ? "-a" : "-b");
        drop(turn.member, id);
        turn.other.expectNothing();
        TestClient back = connect(lasting(id));
        Packet again = back.message();
        assertThat(again.id()).isEqualTo(turn.message.id());
        assertThat(again.dup()).isTrue();
        turn.other.expectNothing();
        if (qos == 2) {
            back.acknowledge(PUBREC, again.id(), 0);
            back.await(PUBREL);
            drop(back, id);
            assertThat(connect(lasting(id)).await(PUBREL).id()).isEqualTo(again.id());
            turn.other.expectNothing();
        }
    }

    @Test
    @Statement(v5 = "MQTT-4.8.2-5")
    void sendsToNobodyElseWhatAMemberHadWhenItsSessionEnded() {
        TestClient publisher = connect(TestClient.v5("ended-out"));
        TestClient a = connect(lasting("ended-a"));
        TestClient b = connect(lasting("ended-b"));
        a.subscribe("$share/g/ended", 2);
        b.subscribe("$share/g/ended", 2);
        Turn turn = publish(publisher, "ended", 2, a, b);
        String id = turn.member == a ? "ended-a" : "ended-b";
        drop(turn.member, id);
        connect(TestClient.v5(id)).disconnect(); // a clean start ends the session
        eventually("ended", () -> session(id).isEmpty());
        turn.other.expectNothing();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    @Statement(v5 = "MQTT-4.8.2-6")
    void sendsToNobodyElseWhatAMemberRefuses(int qos) {
        String topic = "member-refuses-" + qos;
        TestClient publisher = connect(TestClient.v5(topic + "-out"));
        TestClient a = connect(lasting(topic + "-a"));
        TestClient b = connect(lasting(topic + "-b"));
        a.subscribe("$share/g/" + topic, qos);
        b.subscribe("$share/g/" + topic, qos);
        Turn turn = publish(publisher, topic, qos, a, b);
        turn.member.acknowledge(qos == 1 ? PUBACK : PUBREC, turn.message.id(), 0x80);
        turn.member.expectNothing();
        turn.other.expectNothing();
        String id = topic + (turn.member == a ? "-a" : "-b");
        drop(turn.member, id);
        connect(lasting(id)).expectNothing();
        turn.other.expectNothing();
    }

    @Test
    void passesOverMembersWhoAreAway() {
        TestClient publisher = connect(TestClient.v5("offline-out"));
        TestClient away = connect(lasting("offline-away"));
        TestClient here = connect(lasting("offline-here"));
        away.subscribe("$share/g/offline", 1);
        here.subscribe("$share/g/offline", 1);
        drop(away, "offline-away");
        for (int i = 0; i < 10; i++) {
            publisher.publishAcknowledged("offline", String.valueOf(i));
            assertThat(here.message().payload()).isEqualTo(String.valueOf(i));
        }
        connect(lasting("offline-away")).expectNothing();
    }

    @Test
    @Statement(v5 = "MQTT-4.8.2-4")
    void keepsMessagesWhileAllMembersAreAway() {
        TestClient publisher = connect(TestClient.v5("all-away-out"));
        for (String id : List.of("all-away-a", "all-away-b")) {
            TestClient member = connect(lasting(id));
            member.subscribe("$share/g/all/away", 1);
            drop(member, id);
        }
        for (int i = 0; i < 10; i++) {
            publisher.publishAcknowledged("all/away", String.valueOf(i));
        }
        List<String> got = new ArrayList<>();
        for (String id : List.of("all-away-a", "all-away-b")) {
            TestClient member = connect(lasting(id));
            for (Packet packet : member.soFar()) {
                assertThat(packet.dup()).isFalse();
                got.add(packet.payload());
            }
        }
        assertThat(got).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void endsWithItsLastMember() {
        TestClient a = connect(TestClient.v5("leaves-a"));
        TestClient b = connect(TestClient.v5("leaves-b"));
        a.subscribe("$share/g/leaves", 0);
        b.subscribe("$share/g/leaves", 0);
        assertThat(a.unsubscribe("$share/other/leaves", "leaves", "$share/g/leaves")
                        .codes())
                .containsExactly(0x11, 0x11, 0);
        TestClient publisher = connect(TestClient.v5("leaves-out"));
        for (int i = 0; i < 4; i++) {
            publisher.publishAcknowledged("leaves", "x");
            assertThat(b.message().payload()).isEqualTo("x");
        }
        b.unsubscribe("$share/g/leaves");
        publisher.publish("leaves", "x", 1, 1);
        assertThat(publisher.answer(PUBACK).code()).isEqualTo(0x10);
        a.expectNothing();
        b.expectNothing();
    }
}
