/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import static io.bascule.security.acl.Clients.anonymous;
import static io.bascule.security.acl.Clients.inProcess;
import static io.bascule.security.acl.Clients.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.AccessTest.Answer;
import io.bascule.itests.statements.Cve;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.security.file.BadFileException;
import io.bascule.spi.Authorizer.Decision;
import io.bascule.spi.Client;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AclFileTest {
    private AclAuthorizer acl;

    private void file(String text) throws BadFileException {
        AclFile file = AclFile.FORMAT.parse(text);
        acl = new AclAuthorizer("plant", () -> Optional.of(file));
    }

    private Decision publish(Client client, String topic) {
        return acl.mayPublish(client, Topic.of(topic), QoS.AT_LEAST_ONCE, false);
    }

    private Decision receive(Client client, String topic) {
        return acl.mayReceive(client, Topic.of(topic));
    }

    private Decision subscribe(Client client, String filter) {
        return acl.maySubscribe(client, TopicFilter.of(filter), QoS.AT_LEAST_ONCE);
    }

    // ---------------------------------------------------------------- ours

    @Test
    void theFirstLineThatFitsDecides() throws BadFileException {
        file("""
                # plant 7
                deny  publish user=alice plants/7/valve
                allow publish user=alice plants/7/#
                allow receive            plants/#
                """);

        assertThat(publish(user("alice"), "plants/7/pump")).isEqualTo(Decision.ALLOW);
        assertThat(publish(user("alice"), "plants/7")).isEqualTo(Decision.ALLOW);
        assertThat(publish(user("alice"), "plants/7/valve")).isEqualTo(Decision.DENY);
        assertThat(publish(user("bob"), "plants/7/pump")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(user("alice"), "plants/8/pump")).isEqualTo(Decision.ABSTAIN);
        assertThat(receive(user("bob"), "plants/7/valve")).isEqualTo(Decision.ALLOW);
        assertThat(receive(user("bob"), "offices/1")).isEqualTo(Decision.ABSTAIN);
        assertThat(acl.figures()).containsEntry("rules", 3L).containsEntry("denied", 4L);
    }

    @Test
    void saysWhichLineDecides() throws BadFileException {
        file("# plant 7\n\ndeny publish user=alice a\nallow all *  a\n");

        assertThat(acl.publish(user("alice"), Topic.of("a")))
                .isEqualTo(new Answer(false, Optional.of("line 3: deny publish user=alice a")));
        assertThat(acl.receive(user("alice"), Topic.of("a")))
                .isEqualTo(new Answer(true, Optional.of("line 4: allow all *  a")));
        assertThat(acl.subscribe(user("alice"), TopicFilter.of("b"))).isEqualTo(new Answer(false, Optional.empty()));
    }

    @Test
    void aBridgeHasANameAndIsOneOfEverybodyAndNoUser() throws BadFileException {
        file("""
                allow publish bridge=cloud                plants/#
                allow publish bridge="night shift"        nights
                allow publish bridge=cloud address=::/0   never
                allow publish user=cloud                  users
                allow publish client=cloud                clients
                allow publish anonymous                   anybodys
                allow publish                             everybodys
                """);
        Client cloud = Client.ofBridge("cloud");

        assertThat(publish(cloud, "plants/7")).isEqualTo(Decision.ALLOW);
        assertThat(publish(cloud, "anybodys")).isEqualTo(Decision.ALLOW);
        assertThat(publish(cloud, "everybodys")).isEqualTo(Decision.ALLOW);
        for (String topic : List.of("nights", "never", "users", "clients")) {
            assertThat(publish(cloud, topic)).as(topic).isEqualTo(Decision.ABSTAIN);
        }
        assertThat(publish(Client.ofBridge("night shift"), "nights")).isEqualTo(Decision.ALLOW);
        for (Client other :
                List.of(Client.ofBridge("cloud2"), user("cloud"), anonymous("cloud"), anonymous("bridge:cloud"))) {
            assertThat(publish(other, "plants/7")).as(other.toString()).isEqualTo(Decision.ABSTAIN);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "user=alice, true",
        "user=bob, false",
        "group=staff, true",
        "group=guests, false",
        "client=client-of-alice, true",
        "client=alice, false",
        "listener=main, true",
        "listener=other, false",
        "address=10.0.0.0/8, true",
        "address=10.1.2.3, true",
        "address=10.1.2.4/31, false",
        "address=::/0, false",
        "anonymous, false",
        "*, true",
        "user=alice group=staff address=10.0.0.0/8, true",
        "user=alice group=guests, false",
        "'user=\"alice\"', true",
    })
    void saysWhomItIsAbout(String who, boolean fits) throws BadFileException {
        file("allow all " + who + " a");

        Client alice = user("alice", "staff", "night shift");

        assertThat(publish(alice, "a")).isEqualTo(fits ? Decision.ALLOW : Decision.ABSTAIN);
        file("deny publish " + who + " a\nallow publish #");
        assertThat(publish(alice, "a")).isEqualTo(fits ? Decision.DENY : Decision.ALLOW);
    }

    @Test
    void isAboutAnonymousClientsAndSessionsOfBundlesToo() throws BadFileException {
        file("allow publish anonymous a\nallow publish user=historian b\nallow publish address=::/0 c\nallow publish"
                + " \"group=night shift\" d".replace("\"group=", "group=\""));

        assertThat(publish(anonymous("x"), "a")).isEqualTo(Decision.ALLOW);
        assertThat(publish(user("alice"), "a")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(inProcess("h", "historian"), "b")).isEqualTo(Decision.ALLOW);
        assertThat(publish(inProcess("h", "historian"), "c")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(user("alice", "night shift"), "d")).isEqualTo(Decision.ALLOW);
    }

    @Test
    void fillsInNamesAsWholeLevels() throws BadFileException {
        file("deny publish secret/%c/#\nallow publish plants/%u/%c/#\nallow publish secret/#");

        assertThat(publish(user("alice"), "plants/alice/client-of-alice/x")).isEqualTo(Decision.ALLOW);
        assertThat(publish(user("alice"), "plants/bob/client-of-alice/x")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(user("alice"), "plants/%u/%c/x")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(anonymous("c"), "plants/c/c/x")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(user("alice"), "secret/client-of-alice/x")).isEqualTo(Decision.DENY);
        assertThat(publish(user("alice"), "secret/x")).isEqualTo(Decision.ALLOW);
    }

    @ParameterizedTest
    @CsvSource({"'+'", "'#'", "a/b", "''", "'a+'", "'a#'"})
    @Cve({"CVE-2017-7650", "Moquette PR pattern ACL"})
    void fillsInNoNameThatCouldBeMoreThanALevel(String name) throws BadFileException {
        file("allow publish plants/%u/#\nallow publish cells/%c/#\ndeny publish own/%u/#\nallow publish own/#");
        Client bad = Clients.of(name, Optional.of(name));

        for (String topic :
                new String[] {"plants/alice/x", "plants/a/b/x", "plants//x", "cells/alice/x", "cells/a/b/x"}) {
            assertThat(publish(bad, topic)).as(topic).isEqualTo(Decision.ABSTAIN);
        }
        // What is denied stays so, whatever stands there.
        assertThat(publish(bad, "own/a/b/x")).isEqualTo(Decision.DENY);
        assertThat(publish(bad, "own/alice/x")).isEqualTo(Decision.DENY);
        assertThat(publish(user("alice"), "own/bob/x")).isEqualTo(Decision.ALLOW);
    }

    @Test
    void letsSubscribeWhereSomethingMayBeReceived() throws BadFileException {
        file("""
                deny  receive   plants/secret/#
                deny  subscribe #
                allow receive   plants/#
                """);
        assertThat(subscribe(user("alice"), "#")).isEqualTo(Decision.DENY);
        assertThat(subscribe(user("alice"), "plants/secret/x")).isEqualTo(Decision.DENY);
        assertThat(subscribe(user("alice"), "$SYS/#")).isEqualTo(Decision.ABSTAIN);

        file("deny receive plants/secret/#\nallow receive plants/#\n");
        assertThat(subscribe(user("alice"), "#")).isEqualTo(Decision.ALLOW);
        assertThat(subscribe(user("alice"), "+/7/pump")).isEqualTo(Decision.ALLOW);
        assertThat(subscribe(user("alice"), "$share/g/plants/+")).isEqualTo(Decision.ALLOW);
        assertThat(subscribe(user("alice"), "plants/secret")).isEqualTo(Decision.DENY);
        assertThat(subscribe(user("alice"), "$share/g/plants/secret/+")).isEqualTo(Decision.DENY);
        assertThat(subscribe(user("alice"), "offices/#")).isEqualTo(Decision.ABSTAIN);
        assertThat(receive(user("alice"), "plants/secret/x")).isEqualTo(Decision.DENY);
        assertThat(receive(user("alice"), "offices/x")).isEqualTo(Decision.ABSTAIN);

        file("allow subscribe plants/#");
        assertThat(subscribe(user("alice"), "plants/7")).isEqualTo(Decision.ALLOW);
        assertThat(receive(user("alice"), "plants/7")).isEqualTo(Decision.ABSTAIN);
    }

    @Test
    void wildcardsMatchNoReservedTopic() throws BadFileException {
        file("allow all #\nallow all +/x");
        assertThat(publish(user("alice"), "$SYS/x")).isEqualTo(Decision.ABSTAIN);

        file("allow receive $SYS/#");
        assertThat(receive(user("alice"), "$SYS/broker/uptime")).isEqualTo(Decision.ALLOW);
        assertThat(subscribe(user("alice"), "#")).isEqualTo(Decision.ABSTAIN);
        assertThat(subscribe(user("alice"), "$SYS/broker/+")).isEqualTo(Decision.ALLOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow all own/%u/#", "pattern readwrite own/%u/#"})
    @Cve({"CVE-2026-32696", "Moquette #963"})
    void fillsInNothingForWhoHasNoName(String rights) throws BadFileException {
        file(rights);

        for (Client nobody : List.of(anonymous("x"), anonymous(""), anonymous("null"))) {
            for (String topic : List.of("own/null/x", "own//x", "own/%u/x", "own/x/x")) {
                assertThat(publish(nobody, topic)).as(topic).isEqualTo(Decision.ABSTAIN);
                assertThat(receive(nobody, topic)).as(topic).isEqualTo(Decision.ABSTAIN);
            }
            assertThat(subscribe(nobody, "own/#")).isEqualTo(Decision.ABSTAIN);
        }
    }

    @Test
    @Cve("CVE-2018-12550")
    void anEmptyFileAllowsNothing() throws BadFileException {
        file("# nothing yet\n");
        assertThat(publish(user("alice"), "a")).isEqualTo(Decision.ABSTAIN);
        assertThat(subscribe(user("alice"), "#")).isEqualTo(Decision.ABSTAIN);
    }

    @Test
    void topicsMayHaveBlanksAndStandInQuotes() throws BadFileException {
        file("allow publish user=alice hall 1/x\nallow publish \"user=x/#\"");
        assertThat(publish(user("alice"), "hall 1/x")).isEqualTo(Decision.ALLOW);
        assertThat(publish(user("bob"), "user=x/y")).isEqualTo(Decision.ALLOW);
    }

    @ParameterizedTest
    @CsvSource({
        "permit all #, it begins neither with allow nor with deny",
        "user alice, it begins neither with allow nor with deny",
        "allow write a, '\"write\" is nothing that one may do; allowed is publish, receive, subscribe or all'",
        "'allow publish,write a', '\"write\" is nothing that one may do; allowed is publish, receive, subscribe or all'",
        "deny all usr=alice #, '\"usr\" is nothing that a client has; allowed are user, group, client, bridge, address and listener; a topic filter that looks like this stands in double quotes'",
        "allow all, it has no topic filter at its end",
        "allow all user=alice, it has no topic filter at its end",
        "allow all user= a, user= has no value",
        "allow all address=example.org a, '\"example.org\" is neither an address nor a network such as 10.0.0.0/8'",
        "allow all address=10.0.0.0/33 a, '\"10.0.0.0/33\" is neither an address nor a network such as 10.0.0.0/8'",
        "allow all a/%ux, '%u and %c stand for a whole level, in \"a/%ux\" one shares it'",
        "allow all a/#/b, '# is the last level of a topic filter, in \"a/#/b\" more follow'",
        "allow all $share/g/a, leave out $share/ and the name: what is behind them counts",
        "'allow all user=\"alice a', a double quote is not closed",
    })
    void saysWhatIsWrongWithALine(String line, String message) {
        assertThatThrownBy(() -> file("allow all a\n" + line + "\n"))
                .isInstanceOf(BadFileException.class)
                .hasMessage("line 2: " + message);
    }

    // ---------------------------------------------------------------- Mosquitto's

    @Test
    void readsTheFileOfMosquitto() throws BadFileException {
        file("""
                # the example of its manual, and denials
                topic read $SYS/#

                user roger
                topic foo/bar
                topic write only/write
                topic readwrite a b/c
                topic read secret/#
                topic deny secret/key

                pattern write $SYS/broker/connection/%c/state
                pattern readwrite own/%u/#
                pattern deny own/+/private
                """);
        Client roger = user("roger");

        assertThat(receive(anonymous("x"), "$SYS/broker/uptime")).isEqualTo(Decision.ALLOW);
        assertThat(publish(anonymous("x"), "$SYS/broker/uptime")).isEqualTo(Decision.ABSTAIN);
        assertThat(receive(Client.ofBridge("cloud"), "$SYS/broker/uptime")).isEqualTo(Decision.ALLOW); // as anonymous
        assertThat(receive(roger, "$SYS/broker/uptime")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(roger, "foo/bar")).isEqualTo(Decision.ALLOW);
        assertThat(receive(roger, "foo/bar")).isEqualTo(Decision.ALLOW);
        assertThat(receive(roger, "only/write")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(roger, "a b/c")).isEqualTo(Decision.ALLOW);
        assertThat(receive(roger, "secret/x")).isEqualTo(Decision.ALLOW);
        assertThat(receive(roger, "secret/key")).isEqualTo(Decision.DENY);
        assertThat(publish(roger, "own/roger/x")).isEqualTo(Decision.ALLOW);
        assertThat(publish(roger, "own/roger/private")).isEqualTo(Decision.DENY);
        assertThat(publish(user("eve"), "own/roger/x")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(anonymous("x"), "own/x/x")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(user("+"), "own/roger/x")).isEqualTo(Decision.ABSTAIN);
        assertThat(publish(user("x"), "$SYS/broker/connection/client-of-x/state"))
                .isEqualTo(Decision.ALLOW);
        assertThat(subscribe(roger, "#")).isEqualTo(Decision.ALLOW);
        assertThat(subscribe(roger, "secret/key")).isEqualTo(Decision.DENY);
        assertThat(subscribe(roger, "elsewhere/#")).isEqualTo(Decision.ABSTAIN);
        assertThat(acl.receive(roger, Topic.of("secret/key")).rule()).hasValue("line 9: topic deny secret/key");
    }

    @ParameterizedTest
    @CsvSource({
        "topic, it has no topic",
        "topic readonly a, '\"readonly\" is no kind of access; allowed is read, write, readwrite or deny'",
        "user, it has no user name",
        "allow all #, it begins neither with topic nor with user nor with pattern",
        "pattern read a%u, '%u and %c stand for a whole level, in \"a%u\" one shares it'",
        "topic read a+, 'a wildcard takes a whole level, in \"a+\" it shares one: \"a+\"'",
    })
    void saysWhatIsWrongWithALineOfMosquittos(String line, String message) {
        assertThatThrownBy(() -> file("topic a\n" + line + "\n"))
                .isInstanceOf(BadFileException.class)
                .hasMessage("line 2: " + message);
    }
}
