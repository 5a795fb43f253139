/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.bridge.config.BridgeReader;
import io.bascule.mqtt.ReasonCode;
import io.bascule.resource.ResourceScope;
import io.bascule.spi.Credentials;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RemoteEndTest {
    private CredentialSource credentials = LinkFixture.NO_CREDENTIALS;
    private final FakeRemote remote = new FakeRemote();
    private final ResourceScope scope = new ResourceScope("deleted bridge test");
    private final List<Optional<String>> outcome = new ArrayList<>();
    private Optional<Supplier<Optional<Instant>>> successor = Optional.empty();
    private Optional<Instant> connectedSince = Optional.of(Instant.EPOCH);

    @Test
    void connectsWithCleanStartAndLeaves() {
        start();
        remote.open();
        ControlPacket.Connect connect = (ControlPacket.Connect) remote.packets.get(0);
        assertThat(connect.cleanStart()).isTrue();
        assertThat(connect.sessionExpiryInterval()).hasValue(0);
        assertThat(connect.clientId()).isEqualTo("gateway-7");

        remote.connAck(false, ServerProperties.NONE);

        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(outcome).containsExactly(Optional.empty());
    }

    @Test
    void triesAgainAndAtLastGivesUp() {
        start();
        for (int i = 1; i <= 5; i++) {
            assertThat(outcome).isEmpty();
            assertThat(remote.attempts).isEqualTo(i);
            remote.close("connection refused");
            remote.loop.advance(Duration.ofMinutes(1));
        }

        assertThat(outcome).containsExactly(Optional.of("connection refused"));
        assertThat(remote.attempts).isEqualTo(5);
    }

    @Test
    void saysWhyTheRemoteBrokerRefuses() {
        start();
        for (int i = 1; i <= 5; i++) {
            remote.open();
            remote.packet(new ControlPacket.ConnAck(false, ReasonCode.NOT_AUTHORIZED, ServerProperties.NONE));
            remote.loop.advance(Duration.ofMinutes(1));
        }

        assertThat(outcome)
                .singleElement()
                .satisfies(why -> assertThat(why.orElseThrow()).contains("Not authorized"));
    }

    @Test
    void givesUpARemoteBrokerThatNeverAnswers() {
        start();
        for (int i = 1; i <= 5; i++) {
            remote.open();
            remote.loop.advance(Duration.ofSeconds(60)); // twice the connect timeout
            remote.loop.advance(Duration.ofSeconds(59)); // the longest delay, but for the next timeout
        }

        assertThat(outcome)
                .singleElement()
                .satisfies(why -> assertThat(why.orElseThrow()).contains("CONNACK"));
    }

    @Test
    void stopsWithItsScope() {
        start();
        remote.open();
        scope.close();
        remote.loop.runTasks();
        remote.loop.advance(Duration.ofHours(1));

        assertThat(outcome).isEmpty();
        assertThat(remote.attempts).isEqualTo(1);
    }

    @Test
    void triesAgainWithoutCredentials() {
        credentials = LinkFixture.refusing("the credential provider p is not there");
        start();
        remote.loop.advance(Duration.ofHours(1));

        assertThat(outcome).containsExactly(Optional.of("the credential provider p is not there"));
        assertThat(remote.attempts).isZero();
    }

    @Test
    void givesUpOnAProviderThatDoesNotAnswer() {
        List<Consumer<Credentials>> asking = new ArrayList<>();
        credentials = LinkFixture.silent(asking);
        start();
        remote.loop.advance(Duration.ofHours(1));
        assertThat(asking).isEmpty();

        assertThat(outcome).containsExactly(Optional.of("the credential provider took too long"));
        assertThat(remote.attempts).isZero();
    }

    @Test
    void letsGoOfAProviderThatDoesNotAnswerWhenItsScopeIsClosed() {
        List<Consumer<Credentials>> asking = new ArrayList<>();
        credentials = LinkFixture.silent(asking);
        start();
        assertThat(asking).hasSize(1);
        scope.close();
        remote.loop.runTasks();

        assertThat(asking).isEmpty();
        assertThat(outcome).isEmpty();
    }

    private void look(boolean sessionPresent) {
        successor = Optional.of(() -> connectedSince);
        start();
        remote.open();
        ControlPacket.Connect connect = (ControlPacket.Connect) remote.packets.get(0);
        assertThat(connect.cleanStart()).isFalse();
        assertThat(connect.will()).isEmpty();
        remote.connAck(sessionPresent, ServerProperties.NONE);
    }

    private void assertEnds() {
        remote.loop.runTasks();
        remote.packets.clear();
        remote.open();
        assertThat(((ControlPacket.Connect) remote.packets.get(0)).cleanStart()).isTrue();
        remote.connAck(false, ServerProperties.NONE);
        assertThat(outcome).containsExactly(Optional.empty());
    }

    @Test
    void endsWhatNobodyTakesBack() {
        look(true);
        remote.loop.advance(Duration.ofSeconds(94));
        assertThat(remote.attempts)
                .as("one and a half of keepalive, and five seconds")
                .isEqualTo(1);
        assertThat(remote.packets)
                .filteredOn(ControlPacket.PingReq.class::isInstance)
                .as("or the remote broker ends it")
                .hasSizeGreaterThan(2);
        remote.loop.advance(Duration.ofSeconds(2));
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));

        assertEnds();
    }

    @Test
    void endsWhatWasNotThere() {
        look(false);
        remote.loop.advance(Duration.ZERO);

        assertEnds();
    }

    @Test
    void leavesAloneWhatIsTakenBack() {
        look(true);
        remote.close("the remote broker disconnected: Session taken over");
        remote.loop.advance(Duration.ofHours(1));

        assertThat(remote.attempts).isEqualTo(1);
        assertThat(outcome)
                .singleElement()
                .satisfies(why -> assertThat(why.orElseThrow()).contains("in use"));
    }

    @Test
    void leavesAloneWhatTheBridgeMayHaveLostToIt() {
        look(true);
        connectedSince = Optional.empty();

        assertLeftAlone();
    }

    /** Its connection lost, it goes to the next one at once. */
    @Test
    void leavesAloneWhatTheBridgeMayHaveLeftForAnotherServer() {
        look(true);
        connectedSince = Optional.of(Instant.EPOCH.plusSeconds(1));

        assertLeftAlone();
    }

    private void assertLeftAlone() {
        remote.loop.advance(Duration.ofHours(1));

        assertThat(remote.attempts).isEqualTo(1);
        assertThat(outcome)
                .singleElement()
                .satisfies(why -> assertThat(why.orElseThrow()).contains("in use"));
    }

    @Test
    void looksAgainWhereItWasNotTakenYet() {
        successor = Optional.of(() -> connectedSince);
        start();
        remote.close("connection refused");
        remote.loop.advance(Duration.ofMinutes(1));
        remote.open();

        assertThat(((ControlPacket.Connect) remote.packets.get(0)).cleanStart()).isFalse();
        scope.close();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(scope.live()).isZero();
        assertThat(remote.loop.timers()).isZero();
    }

    private void start() {
        BridgeReader.Result read = BridgeReader.read(
                "test", Map.of("server", "mqtt://far", "client.id", "gateway-7", "subscribe.a", "a/#"));
        RemoteEnd end = new RemoteEnd(
                read.definition().orElseThrow(),
                read.definition().orElseThrow().servers().first(),
                "this-broker",
                remote,
                remote.loop,
                (server, good, bad) -> credentials.next(server, good, bad),
                scope,
                successor,
                outcome::add);
        remote.loop.run(end::start);
    }
}
