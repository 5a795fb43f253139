/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.SessionOptions;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Sentence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands that look at one session or end it. */
class SessionCommandsTest {
    private final FakeBroker broker = new FakeBroker();
    private final Services services = Fakes.services(broker);

    @BeforeEach
    void connect() {
        broker.sessions.add(Fakes.client("gateway-7", true, 3600, 5, 6));
        broker.sessions.add(Fakes.client("away", false, 120, 0, 0));
        broker.sessions.add(Fakes.client("short", true));
        broker.sessions.add(Fakes.client("lasting", true, SessionOptions.NEVER, 0, 0));
        broker.subscriptions.add(Fakes.subscription("gateway-7", "cmd/#"));
        broker.subscriptions.add(Fakes.subscription("away", "a"));
    }

    @Test
    void listsEverySession() {
        String json = Json.line(new Sessions().run(services));

        assertThat(json)
                .startsWith("[{\"clientId\":\"away\",\"connected\":false,")
                .contains("\"sessionExpiryInterval\":4294967295")
                .contains("\"clientId\":\"gateway-7\",\"connected\":true");
    }

    @Test
    void showsAllThatIsKnownOfASession() {
        assertThat(Json.line(SessionDetails.of("gateway-7").run(services)))
                .isEqualTo("{\"clientId\":\"gateway-7\",\"connected\":true,\"since\":\"1970-01-01T00:00:00Z\","
                        + "\"userName\":null,\"origin\":\"5.0 10.0.0.1:4711\",\"listener\":\"plain\",\"keepAlive\":60,"
                        + "\"sessionExpiryInterval\":3600,\"expiresAt\":null,\"received\":5,\"delivered\":6,"
                        + "\"queued\":2,\"queuedBytes\":300,\"oldest\":7,\"inFlight\":1,\"dropped\":0,"
                        + "\"withheldByQueue\":0,\"withheld\":2,\"subscriptions\":["
                        + "{\"filter\":\"cmd/#\",\"qos\":1,\"noLocal\":false,\"retainAsPublished\":false,"
                        + "\"retainHandling\":\"SEND\",\"identifier\":0}]}");
    }

    @Test
    void saysWhenASessionThatWasLeftRunsOut() {
        assertThat(Json.line(SessionDetails.of("away").run(services)))
                .contains("\"expiresAt\":\"1970-01-01T00:02:00Z\"");
        assertThat(Json.line(SessionDetails.of("lasting").run(services))).contains("\"expiresAt\":null");
    }

    @Test
    void namesTheNearestClient() {
        assertThatThrownBy(() -> SessionDetails.of("gatway-7").run(services))
                .hasMessage("There is no session of a client gatway-7; did you mean gateway-7?");
        assertThatThrownBy(() -> SessionDelete.of("gatway-7").run(services)).hasMessageEndingWith("gateway-7?");
        assertThatThrownBy(() -> ClientDisconnect.of("zzz").run(services))
                .hasMessage("There is no session of a client zzz; mqtt:sessions lists them.");
        assertThatThrownBy(() -> SessionDetails.of(null))
                .hasMessage("A client id is missing; mqtt:sessions lists them.");
    }

    @Test
    void printsNoByteOfAForeignNameThatATerminalObeys() {
        broker.sessions.add(Fakes.client("\u001b[2Jx", true));

        assertThatThrownBy(() -> SessionDetails.of("[2Jx").run(services))
                .hasMessage("There is no session of a client [2Jx; did you mean \\u001b[2Jx?");
    }

    @Test
    void disconnectsAndSaysWhatIsLeft() {
        assertThat(sentence(ClientDisconnect.of("gateway-7")).text())
                .isEqualTo("Disconnected gateway-7; its session stays for 1 h.");
        assertThat(sentence(ClientDisconnect.of("short")).text())
                .isEqualTo("Disconnected short; its session has ended.");
        assertThat(sentence(ClientDisconnect.of("lasting")).text())
                .isEqualTo("Disconnected lasting; its session stays.");
        assertThat(Json.line(sentence(ClientDisconnect.of("gateway-7"))))
                .isEqualTo("{\"clientId\":\"gateway-7\",\"sessionExpiryInterval\":3600}");
        assertThat(broker.calls).startsWith("disconnect gateway-7 ADMINISTRATIVE_ACTION");
    }

    @Test
    void saysThatTheClientIsNotConnected() {
        assertThatThrownBy(() -> ClientDisconnect.of("away").run(services))
                .hasMessage("away is not connected; mqtt:session-delete ends its session.");
    }

    @Test
    void deletesASessionAndSaysWhatWentWithIt() {
        assertThat(sentence(SessionDelete.of("away")).text())
                .isEqualTo("Deleted the session of away: 1 subscription, 3 messages.");
        Sentence answer = sentence(SessionDelete.of("gateway-7"));

        assertThat(answer.text())
                .isEqualTo("Disconnected gateway-7 and deleted its session: 1 subscription, 3 messages.");
        assertThat(Json.line(answer))
                .isEqualTo("{\"clientId\":\"gateway-7\",\"connected\":true,\"subscriptions\":1,\"messages\":3}");
        assertThat(broker.calls).containsExactly("end away", "end gateway-7");
    }

    private Sentence sentence(ConsoleCommand command) {
        return (Sentence) command.run(services);
    }
}
