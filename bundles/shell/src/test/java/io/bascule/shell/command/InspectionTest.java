/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeStatus;
import io.bascule.api.LimitInfo;
import io.bascule.mqtt.Message;
import io.bascule.shell.command.Fakes.FakeBroker;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The commands that only look. */
class InspectionTest {
    private static final BridgeStatus.Route ALARMS = new BridgeStatus.Route(
            "alarms", "forward", "alarms/# -> plant7/alarms/{#}", 10, 6, Map.of("expired", 1L, "full", 0L));

    private final FakeBroker broker = new FakeBroker();

    @Test
    void statusCountsWhatWorks() {
        View view = new Status()
                .run(Fakes.services(
                        broker,
                        Fakes.bridge("a", BridgeStatus.State.CONNECTED),
                        Fakes.bridge("b", BridgeStatus.State.BACKOFF)));

        assertThat(Json.line(view))
                .contains("\"version\":\"1.2.3\"")
                .contains("\"listeners\":2,\"listenersOpen\":1,\"bridges\":2,\"bridgesConnected\":1")
                .contains("\"sessions\":2,\"sessionsConnected\":1")
                .contains("\"retainedBytes\":6000")
                .contains("\"storeBytes\":7000,\"storeFailure\":\"No space left on device\"");
    }

    @Test
    void saysThatTheBrokerIsNotRunning() {
        for (ConsoleCommand command : List.of(
                new Status(),
                new Clients(false),
                new Subscriptions(Optional.empty()),
                new Sessions(),
                SessionDetails.of("a"),
                SessionDelete.of("a"),
                ClientDisconnect.of("a"),
                Match.of("a"),
                Retained.of(null, null),
                RetainedGet.of("a"),
                RetainedDelete.of("a"),
                new Limits())) {
            assertThatThrownBy(() -> command.run(Fakes.stopped()))
                    .isInstanceOf(CommandFailure.class)
                    .hasToString("The broker is not running; the log says why its component does not start.");
        }
    }

    @Test
    void showsListenersAndBridgesWithoutABroker() {
        assertThat(new Listeners().run(Fakes.stopped())).isInstanceOf(Table.class);
        assertThat(new Bridges().run(Fakes.stopped())).isInstanceOf(Table.class);
    }

    @Test
    void listenersSayWhyTheyAreShut() {
        assertThat(Json.line(new Listeners().run(Fakes.services(broker))))
                .contains("\"name\":\"inner\",\"state\":\"RETRYING\"")
                .contains("\"reason\":\"Address already in use\"");
    }

    @Test
    void clientsAreThoseThatAreConnected() {
        broker.sessions.add(Fakes.client("b", true));
        broker.sessions.add(Fakes.client("away", false));
        broker.sessions.add(Fakes.client("a", true));

        assertThat(column(new Clients(false).run(Fakes.services(broker)), "clientId"))
                .containsExactly("a", "b");
        assertThat(column(new Clients(true).run(Fakes.services(broker)), "clientId"))
                .containsExactly("a", "away", "b");
    }

    @Test
    void limitsSayHowOftenTheyWereReached() {
        broker.limits.add(new LimitInfo("topic.levels", "broker", "128", 3));
        broker.limits.add(new LimitInfo("queue.messages", "broker", "100000", 0));

        View view = new Limits().run(Fakes.services(broker));

        assertThat(column(view, "name"))
                .containsExactly("queue.messages", "topic.levels", "max.packet.size", "max.packet.size");
        assertThat(column(view, "where")).containsExactly("broker", "broker", "listener inner", "listener plain");
        assertThat(column(view, "hits")).containsExactly(0L, 3L, 2L, 2L);
    }

    @Test
    void subscriptionsMayBeThoseOfOneClient() {
        broker.sessions.add(Fakes.client("idle", true));
        broker.subscriptions.add(Fakes.subscription("b", "x/#"));
        broker.subscriptions.add(Fakes.subscription("a", "x/#"));
        broker.subscriptions.add(Fakes.subscription("b", "a/+"));
        Services services = Fakes.services(broker);

        assertThat(column(new Subscriptions(Optional.empty()).run(services), "filter"))
                .containsExactly("a/+", "x/#", "x/#");
        assertThat(column(new Subscriptions(Optional.of("a")).run(services), "filter"))
                .containsExactly("x/#");
        assertThat(((Table) new Subscriptions(Optional.of("idle")).run(services)).whenEmpty())
                .isEqualTo("idle is subscribed to nothing.");
        assertThatThrownBy(() -> new Subscriptions(Optional.of("nobody")).run(services))
                .hasMessage("There is no session of a client nobody; mqtt:sessions lists them.");
    }

    @Test
    void bridgesShowTheirErrorUntilTheyAreConnected() {
        View view = new Bridges()
                .run(Fakes.services(
                        broker,
                        Fakes.bridge("up", BridgeStatus.State.CONNECTED, ALARMS),
                        Fakes.bridge("lazy", BridgeStatus.State.IDLE),
                        Fakes.bridge("down", BridgeStatus.State.BACKOFF)));

        assertThat(column(view, "name")).containsExactly("down", "lazy", "up");
        assertThat(column(view, "configuration"))
                .extracting(Object::toString)
                .containsExactly("valid", "valid", "valid");
        assertThat(column(view, "dropped")).containsExactly(0L, 0L, 1L);
        assertThat(column(view, "problem"))
                .containsExactly(Optional.of("Connection refused"), Optional.empty(), Optional.empty());
    }

    @Test
    void bridgesTellWhatIsNotInForce() {
        View view = new Bridges()
                .run(Fakes.services(
                        broker,
                        Fakes.misconfigured("never", BridgeStatus.State.CONFIG_INVALID),
                        Fakes.misconfigured("works", BridgeStatus.State.CONNECTED)));

        assertThat(column(view, "configuration"))
                .extracting(Object::toString)
                .containsExactly("INVALID, none is in force", "INVALID, an older one is in force");
        assertThat(column(view, "problem")).containsOnly(Optional.of("CONFIG_INVALID: asked for …"));
        assertThat(Json.line(view)).contains("\"state\":\"CONNECTED\",\"configuration\":\"OLDER_IN_FORCE\"");
    }

    @Test
    void bridgeInfoKeepsTheBooksOfARoute() {
        Details details = (Details) new BridgeInfo("emqx")
                .run(Fakes.services(broker, Fakes.bridge("emqx", BridgeStatus.State.CONNECTED, ALARMS)));

        assertThat(Json.line(details))
                .contains("\"received\":10,\"forwarded\":6,\"waiting\":3,\"dropped\":{")
                .contains("\"expired\":1");
    }

    @Test
    void bridgeInfoNamesTheBridgesThereAre() {
        Services services = Fakes.services(
                broker,
                Fakes.bridge("west", BridgeStatus.State.CONNECTED),
                Fakes.bridge("east", BridgeStatus.State.CONNECTED));

        assertThatThrownBy(() -> new BridgeInfo("north").run(services))
                .hasMessage("There is no bridge north; there is east, west.");
        assertThatThrownBy(() -> new BridgeInfo("wets").run(services))
                .hasMessage("There is no bridge wets; did you mean west?");
        assertThatThrownBy(() -> new BridgeInfo("north").run(Fakes.services(broker)))
                .hasMessage("There is no bridge north: none is configured.");
        assertThatThrownBy(() -> BridgeInfo.of(null))
                .hasMessage("The bridge's name is missing; mqtt:bridges lists them.");
    }

    @Test
    void suggestsWhatThereIs() {
        broker.sessions.add(Fakes.client("gateway-7", false));
        broker.subscriptions.add(Fakes.subscription("a", "x/y"));
        broker.subscriptions.add(Fakes.subscription("b", "x/y"));
        broker.subscriptions.add(Fakes.subscription("b", "x/#"));
        broker.subscriptions.add(Fakes.subscription("b", "$share/g/x/z"));
        Services services = Fakes.services(broker, Fakes.bridge("emqx", BridgeStatus.State.CONNECTED));

        assertThat(Suggestions.BRIDGES.of(services, "")).containsExactly("emqx");
        assertThat(Suggestions.CLIENTS.of(services, "gate")).containsExactly("gateway-7");
        assertThat(Suggestions.FILTERS.of(services, "")).containsExactly("'$share/g/x/z'", "x/#", "x/y");
        assertThat(Suggestions.TOPICS.of(services, "x")).containsExactly("x/y");
        assertThat(Suggestions.TOPICS.of(services, "y")).isEmpty();
        assertThat(Suggestions.CLIENTS.of(Fakes.stopped(), "")).isEmpty();
        assertThat(Suggestions.RETAINED.of(Fakes.stopped(), "")).isEmpty();
    }

    @Test
    void suggestsWhoIsConnected() {
        broker.sessions.add(Fakes.client("away", false));
        broker.sessions.add(Fakes.client("here", true));

        assertThat(Suggestions.CONNECTED.of(Fakes.services(broker), "")).containsExactly("here");
    }

    @Test
    void suggestsWhereSomethingIsRetained() {
        for (String topic : List.of("plant/line1/a", "plant/line2/b", "$SYS/x", "other")) {
            broker.retained.add(Message.of(topic, "x"));
        }
        Services services = Fakes.services(broker);

        assertThat(Suggestions.RETAINED.of(services, "plant/line")).containsExactly("plant/line1/a", "plant/line2/b");
        assertThat(Suggestions.RETAINED.of(services, "o")).containsExactly("other");
        assertThat(Suggestions.RETAINED.of(services, "$SYS/")).containsExactly("'$SYS/x'");
        assertThat(Suggestions.RETAINED.of(services, "$share/g/")).isEmpty();
        assertThat(Suggestions.RETAINED.of(services, "+/")).isEmpty();
        assertThat(Suggestions.RETAINED.of(services, "/")).isEmpty();
    }

    /** A client chooses its id and its topics, and must not end or paint the console of whoever presses Tab. */
    @Test
    void suggestsNothingThatAShellStumblesOver() {
        for (String hostile : List.of("a b", "it's", "a\"b", "a\\b", "\u001b[2J", "tab\t", "fine")) {
            broker.sessions.add(Fakes.client(hostile, true));
        }

        assertThat(Suggestions.CLIENTS.of(Fakes.services(broker), "")).containsExactly("fine");
    }

    private static List<Object> column(View view, String key) {
        Table table = (Table) view;
        int index = table.heads().stream().map(Table.Head::key).toList().indexOf(key);
        return table.rows().stream().map(row -> row.get(index)).toList();
    }
}
