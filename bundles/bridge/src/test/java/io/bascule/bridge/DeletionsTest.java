/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.api.DeletedBridge;
import io.bascule.bridge.config.Asked;
import io.bascule.bridge.config.BridgeDefinition;
import io.bascule.bridge.config.BridgeReader;
import io.bascule.bridge.link.FakeBroker;
import io.bascule.bridge.link.FakeRemote;
import io.bascule.mqtt.ReasonCode;
import io.bascule.transport.ControlPacket;
import io.bascule.transport.ControlPacket.ServerProperties;
import java.time.Duration;
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
    private final Deletions deletions = new Deletions(
            remote,
            new FakeBroker(),
            lastValid,
            new RemoteSessions(Optional.empty()),
            new CredentialProviders(null)); // no bridge names one

    private static BridgeDefinition bridge(String name, String servers) {
        return BridgeReader.read(name, Map.of("server", servers, "client.id", "gateway-7", "subscribe.a", "a/#"))
                .definition()
                .orElseThrow();
    }

    private void delete(String servers) {
        LastValid.Configuration configuration = new LastValid.Configuration(bridge("b", servers), Asked.of(Map.of()));
        lastValid.put("b", configuration);
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
}
