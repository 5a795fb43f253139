/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.AccessTest;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Json;
import io.bascule.spi.Client;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AclTestTest {
    private final FakeBroker broker = new FakeBroker();
    private final FakeAcl acl = new FakeAcl();

    private String ask(AclTest command) {
        Services some = Fakes.services(broker);
        return Json.line(command.run(new Services(
                some.broker(),
                some.listeners(),
                some.bridges(),
                some.history(),
                some.deleted(),
                some.configurations(),
                some.store(),
                new SecurityServices(List.of(), List.of(), List.of(acl), Optional.empty()))));
    }

    @Test
    void asksForAClientThatIsConnected() {
        broker.sessions.add(Fakes.client("gateway-7", true));

        String answer = ask(AclTest.of("gateway-7", false, "a/b", true, false, false));

        assertThat(answer)
                .isEqualTo("[{\"action\":\"publish\",\"allowed\":true,\"acl\":\"plant\",\"rule\":\"line 3: allow\"}]");
        Client asked = acl.asked.get(0);
        assertThat(asked.clientId()).isEqualTo("gateway-7");
        assertThat(asked.listener()).hasValue("plain");
        assertThat(((InetSocketAddress) asked.address().orElseThrow())
                        .getAddress()
                        .getHostAddress())
                .isEqualTo("10.0.0.1");
    }

    @Test
    void asksForAUserOtherwise() {
        broker.sessions.add(Fakes.client("alice", false));

        String answer = ask(AclTest.of("alice", false, "a/b", false, false, false));

        assertThat(answer).contains("\"publish\"", "\"receive\",\"allowed\":false", "\"rule\":null", "\"subscribe\"");
        assertThat(acl.asked)
                .allSatisfy(client -> assertThat(client.identity().userName()).hasValue("alice"));
    }

    @Test
    void asksForABridge() {
        broker.sessions.add(Fakes.client("cloud", true)); // is another

        String answer = ask(AclTest.of("cloud", true, "a/b", true, false, false));

        assertThat(answer).contains("\"publish\"", "line 3");
        assertThat(acl.asked).hasSize(1);
        assertThat(acl.asked.get(0).bridge()).hasValue("cloud");
    }

    @Test
    void asksOnlyAboutSubscribingWhereThereAreWildcards() {
        assertThat(ask(AclTest.of("alice", false, "a/#", false, false, false)))
                .contains("\"subscribe\"")
                .doesNotContain("\"publish\"", "\"receive\"");
        assertThatThrownBy(() -> ask(AclTest.of("alice", false, "a/#", true, false, false)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("wildcard");
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> AclTest.of(null, false, null, false, false, false))
                .isInstanceOf(CommandFailure.class);
        assertThatThrownBy(() -> AclTest.of(null, true, null, false, false, false))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("bridge");
        assertThatThrownBy(() -> AclTest.of("alice", false, null, false, false, false))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("A topic filter is missing.");
        assertThatThrownBy(() ->
                        AclTest.of("alice", false, "a", false, false, false).run(Fakes.stopped()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageStartingWith("No ACL file is configured");
    }

    private static final class FakeAcl implements AccessTest {
        final List<Client> asked = new ArrayList<>();

        @Override
        public String name() {
            return "plant";
        }

        @Override
        public Answer publish(Client client, Topic topic) {
            asked.add(client);
            return new Answer(true, Optional.of("line 3: allow"));
        }

        @Override
        public Answer receive(Client client, Topic topic) {
            asked.add(client);
            return new Answer(false, Optional.empty());
        }

        @Override
        public Answer subscribe(Client client, TopicFilter filter) {
            asked.add(client);
            return new Answer(true, Optional.of("line 4: allow"));
        }
    }
}
