/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.DeletedBridge;
import io.bascule.api.SessionOptions;
import io.bascule.bridge.config.Asked;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.link.FakeBroker;
import io.bascule.bridge.link.FakeRemote;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the sessions at several servers that a bridge leaves. */
class DeletionsTest {
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final Duration LONG = Duration.ofHours(1);

    private final FakeRemote remote = new FakeRemote();
    private final LastValid lastValid = new LastValid();
    private final FakeBroker broker = new FakeBroker();
    private final Budgets budgets = new Budgets(Optional.empty(), Clock.systemUTC());
    private final Deletions deletions = new Deletions(
            remote,
            broker,
            lastValid,
            new RemoteSessions(Optional.empty()),
            budgets,
            new RetainedFiles(Optional.empty()),
            new CredentialProviders(null)); // no bridge names one

    private static BridgeDefinition bridge(String name, String servers) {
        return BridgeReader.read(name, Map.of("server", servers, "client.id", "gateway-7", "subscribe.a", "a/#"))
                .definition()
                .orElseThrow();
    }

    private void delete(String servers) {
        delete("b", servers);
    }

    private void delete(String name, String servers) {
        LastValid.Configuration configuration = new LastValid.Configuration(bridge(name, servers), Asked.of(Map.of()));
        lastValid.put(name, configuration);
        deletions.deleted(configuration, configuration.definition().remoteIdentities(), Optional.empty());
    }

    private void takeUp(String servers) {
        deletions.keep(bridge("other", servers));
        remote.loop.runTasks();
    }

    private void assertLeftByHand(String session) {
        assertThat(deletions.list())
                .singleElement()
                .extracting(DeletedBridge::remote)
                .isEqualTo(Optional.of(session));
    }

    private void assertEnded() {
        assertThat(remote.packets).last().isEqualTo(ControlPacket.Disconnect.of(ReasonCode.SUCCESS));
        assertThat(deletions.list()).isEmpty();
    }

    @AfterEach
    void nothingIsLeft() {
        remote.loop.advance(LONG);
        assertThat(remote.loop.timers()).isZero();
    }

    @Test
    void endsAllOfThemAfterTheGrace() {
        delete("mqtt://a, mqtt://b");
        remote.loop.advance(GRACE);
        assertThat(remote.hosts).containsExactly("a", "b");
        remote.open();
        remote.openSecond();
        remote.connAckSecond(false, ServerProperties.NONE);
        assertLeftByHand("gateway-7 at mqtt://a:1883");
        remote.connAck(false, ServerProperties.NONE);

        assertEnded();
    }

    @Test
    void endsThoseThatNobodyHasTakenUpWithinTheGrace() {
        delete("mqtt://a, mqtt://b");
        takeUp("mqtt://b");
        assertLeftByHand("gateway-7 at mqtt://a:1883");
        remote.loop.advance(GRACE);
        remote.open();
        remote.connAck(false, ServerProperties.NONE);

        assertThat(remote.hosts).containsExactly("a");
        assertEnded();
    }

    @Test
    void callsTheEndOffOfThoseThatAreTakenUpWhileTheyAreEnded() {
        delete("mqtt://a, mqtt://b");
        remote.loop.advance(GRACE);
        remote.open();
        remote.openSecond();

        takeUp("mqtt://b");

        assertThat(remote.hasSecond()).isFalse();
        assertLeftByHand("gateway-7 at mqtt://a:1883");
        remote.connAck(false, ServerProperties.NONE);
        assertEnded();
        remote.loop.advance(LONG);
        assertThat(remote.hosts).as("nobody comes back to it").containsExactly("a", "b");
    }

    @Test
    void callsTheEndOffOfThoseThatAreTakenUpBetweenTwoAttempts() {
        delete("mqtt://a, mqtt://b");
        remote.loop.advance(GRACE);
        remote.closeSecond("connection refused");

        takeUp("mqtt://b");
        remote.open();
        remote.connAck(false, ServerProperties.NONE);
        assertEnded();
        remote.loop.advance(LONG);

        assertThat(remote.hosts).containsExactly("a", "b");
    }

    @Test
    void isOverWhenTheLastOnesAreTakenUp() {
        delete("mqtt://a, mqtt://b");
        remote.loop.advance(GRACE);
        takeUp("mqtt://b");
        takeUp("mqtt://a");

        assertThat(deletions.list()).isEmpty();
    }

    private void edit(String from, String to) {
        LastValid.Configuration earlier = new LastValid.Configuration(bridge("b", from), Asked.of(Map.of()));
        lastValid.put("b", new LastValid.Configuration(bridge("b", to), Asked.of(Map.of())));
        deletions.deleted(earlier, earlier.definition().remoteIdentities(), Optional.empty());
    }

    private ControlPacket.Connect connecting() {
        return (ControlPacket.Connect) remote.packets.get(remote.packets.size() - 1);
    }

    /** While it is not, nobody would take the session back. */
    @Test
    void waitsUntilTheBridgeThatGoesOnIsConnected() {
        edit("mqtt://a", "mqtt://b");
        remote.loop.advance(GRACE.plus(GRACE));
        assertThat(remote.hosts).isEmpty();

        broker.sessions.add(UnclaimedSessionsTest.session("bridge:b", true, SessionOptions.NEVER));
        remote.loop.advance(GRACE);
        remote.open();
        assertThat(remote.hosts).containsExactly("a");
        assertThat(connecting().cleanStart()).isFalse();
        remote.connAck(true, ServerProperties.NONE);
        remote.close("taken over");

        assertThat(deletions.list()).isEmpty();
    }

    @Test
    void endsWhatIsTheBridgesNoMoreWhenThatIsDeleted() {
        edit("mqtt://a", "mqtt://b");
        remote.loop.advance(GRACE);
        lastValid.forget("b", lastValid.get("b").orElseThrow());
        remote.loop.advance(GRACE);
        remote.open();
        assertThat(connecting().cleanStart()).isTrue();
        remote.connAck(false, ServerProperties.NONE);

        assertEnded();
    }

    /** What the earlier name has left would be in force for whoever uses that anew. */
    @Test
    void forgetsTheEarlierNameOfABridgeThatIsRenamed() {
        delete("mqtt://a");
        takeUp("mqtt://a");
        remote.loop.advance(GRACE.minusSeconds(1));
        assertThat(lastValid.get("b")).isPresent();
        remote.loop.advance(Duration.ofSeconds(1));

        assertThat(lastValid.get("b")).isEmpty();
        assertThat(deletions.list()).isEmpty();
        assertThat(remote.hosts).isEmpty();
    }

    @Test
    void endsTheSessionOfABridgeThatWasRenamedBefore() {
        delete("mqtt://a");
        takeUp("mqtt://a");
        remote.loop.advance(LONG);
        delete("other", "mqtt://a");
        remote.loop.advance(GRACE);
        remote.open();
        remote.connAck(false, ServerProperties.NONE);

        assertThat(remote.hosts).containsExactly("a");
        assertEnded();
    }

    @Test
    void knowsTheConfigurationOfABridgeThatComesBackWithAFileThatIsNotValid() {
        for (boolean renamed : new boolean[] {false, true}) {
            delete("mqtt://a");
            if (renamed) {
                takeUp("mqtt://a");
            }
            deletions.keep(lastValid.get("b").orElseThrow().definition());
            remote.loop.advance(LONG);

            assertThat(lastValid.get("b")).isPresent();
            assertThat(deletions.list()).isEmpty();
        }
    }

    private static BridgeDefinition paid(String cleanStart) {
        return BridgeReader.read(
                        "b",
                        Map.of("server", "mqtt://a", "forward.a", "a", "clean.start", cleanStart, "budget.day", "1MiB"))
                .definition()
                .orElseThrow();
    }

    private LastValid.Configuration spend(BridgeDefinition bridge) {
        LastValid.Configuration configuration = new LastValid.Configuration(bridge, Asked.of(Map.of()));
        lastValid.put("b", configuration);
        budgets.open(bridge, Runnable::run).orElseThrow().sent(42);
        return configuration;
    }

    private long spent() {
        return budgets.open(paid("false"), Runnable::run)
                .orElseThrow()
                .figures()
                .ofDay();
    }

    private void delete(LastValid.Configuration configuration) {
        deletions.deleted(configuration, List.of(), Optional.empty());
    }

    @Test
    void forgetsTheBudgetAfterTheGrace() {
        delete(spend(paid("false")));
        remote.loop.advance(GRACE);

        assertThat(spent()).isZero();
        assertThat(deletions.list()).isEmpty();
    }

    @Test
    void knowsTheBudgetWithinTheGrace() {
        delete(spend(paid("false")));
        remote.loop.advance(GRACE.minusSeconds(1));
        assertThat(spent()).isEqualTo(42); // of the bridge that has come again

        remote.loop.advance(LONG);

        assertThat(spent()).isEqualTo(42);
    }

    @Test
    void forgetsTheBudgetAtOnceWhereNothingIsLeft() {
        delete(spend(paid("true")));

        assertThat(spent()).isZero();
    }

    /** Whose earlier configuration has left a session, or nothing. */
    @Test
    void knowsTheBudgetOfABridgeThatIsEdited() {
        for (String cleanStart : List.of("false", "true")) {
            LastValid.Configuration earlier = spend(paid(cleanStart));
            lastValid.put("b", new LastValid.Configuration(paid(cleanStart), Asked.of(Map.of())));
            delete(earlier);
            remote.loop.advance(LONG);
        }

        assertThat(spent()).isEqualTo(84);
    }
}
