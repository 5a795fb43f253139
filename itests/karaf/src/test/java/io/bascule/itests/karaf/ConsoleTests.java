/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.hamcrest.CoreMatchers.anyOf;
import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.CoreMatchers.is;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.bascule.api.Bridge;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.json.Json;
import javax.json.JsonArray;
import javax.json.JsonObject;
import javax.json.JsonReader;
import javax.json.JsonValue;
import org.apache.karaf.shell.api.console.Command;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.ServiceRegistration;

/** The commands of scope mqtt, as somebody types them. */
public class ConsoleTests extends InKaraf {
    /** Karaf 4.4 asks for the current Subject in a way that this and later Java versions refuse. */
    private static final int FIRST_JAVA_WITHOUT_SHELL = 24;

    @Before
    public void karafsShellWorksHere() {
        assumeTrue(Runtime.version().feature() < FIRST_JAVA_WITHOUT_SHELL);
    }

    @Test(timeout = 60_000)
    public void showsTheBroker() throws Exception {
        assertThat(execute("mqtt:status"), containsString("Running for"));

        JsonObject status = json("mqtt:status --json").asJsonObject();
        assertEquals(1, status.getInt("listenersOpen"));
        assertFalse(status.getString("version").isEmpty());
    }

    @Test(timeout = 60_000)
    public void showsListeners() throws Exception {
        assertThat(execute("mqtt:listeners"), containsString("default"));

        JsonObject listener = only(json("mqtt:listeners --json"));
        assertEquals("default", listener.getString("name"));
        assertEquals("OPEN", listener.getString("state"));
        assertEquals(port(), listener.getInt("port"));
    }

    @Test(timeout = 60_000)
    public void showsClientsAndTheirSubscriptions() throws Exception {
        try (RawClient client = RawClient.connect(port(), "shown")) {
            client.subscribe("shown/+/a");

            assertThat(execute("mqtt:clients"), containsString("shown"));
            assertTrue(json("mqtt:clients --json").asJsonArray().stream()
                    .map(JsonValue::asJsonObject)
                    .anyMatch(each -> each.getString("clientId").equals("shown")
                            && each.getString("listener").equals("default")));
            assertThat(execute("mqtt:subscriptions"), containsString("shown/+/a"));
            JsonObject subscription = only(json("mqtt:subscriptions --json shown"));
            assertEquals("shown/+/a", subscription.getString("filter"));
            assertEquals(0, subscription.getInt("qos"));
        }
    }

    @Test(timeout = 60_000)
    public void showsBridges() throws Exception {
        assertThat(execute("mqtt:bridges"), containsString("No bridge is configured"));

        Path file = writeToEtc(
                "io.bascule.bridge-nowhere.cfg",
                "server = mqtt://127.0.0.1:" + Sockets.freePort() + "\nforward.all = console/#\n");
        eventually(TO_NOTICE, "the bridge is there", () -> bridges().size() == 1);
        JsonObject bridge = bridges().getJsonObject(0);
        assertEquals("nowhere", bridge.getString("name"));
        assertThat(bridge.getString("state"), anyOf(is("CONNECTING"), is("BACKOFF")));
        assertThat(execute("mqtt:bridge-info nowhere"), containsString("console/#"));
        assertEquals(
                "nowhere",
                json("mqtt:bridge-info --json nowhere").asJsonObject().getString("name"));
        execute("mqtt:bridge-pause nowhere subscribe");
        assertThat(execute("mqtt:bridge-stop nowhere"), containsString("Stopped the bridge nowhere."));
        JsonObject stopped = json("mqtt:bridge-resume --json nowhere").asJsonObject();
        assertEquals("STOPPED", stopped.getString("state"));
        assertTrue(stopped.getJsonArray("paused").isEmpty());
        assertThat(failure("mqtt:bridge-drain nowhere"), containsString("the bridge is stopped; start it first"));
        assertThat(failure("mqtt:bridge-trace nowher"), containsString("did you mean nowhere?"));
        assertThat(execute("mqtt:bridge-start nowhere"), containsString("Started the bridge nowhere."));

        Files.delete(file);
        eventually(TO_NOTICE, "the bridge is gone", () -> bridges().isEmpty());
    }

    @Test(timeout = 60_000)
    public void publishes() throws Exception {
        try (RawClient client = RawClient.connect(port(), "reader")) {
            client.subscribe("news/#");

            execute("mqtt:publish news/today 'grüße, all'");

            assertEquals("news/today grüße, all", client.receive());
        }
    }

    @Test(timeout = 60_000)
    public void looksAtAClientAndSendsItAway() throws Exception {
        try (RawClient client = RawClient.connect(port(), "watched")) {
            client.subscribe("watched/#");

            JsonObject info = json("mqtt:client-info --json watched").asJsonObject();
            assertTrue(info.getBoolean("connected"));
            assertEquals(
                    "watched/#",
                    info.getJsonArray("subscriptions").getJsonObject(0).getString("filter"));
            assertThat(execute("mqtt:session-info watched"), containsString("with the connection"));
            assertThat(complete("mqtt:client-disconnect", "wat"), is(List.of("watched")));

            assertThat(execute("mqtt:client-disconnect watched"), containsString("Disconnected watched"));

            eventually(
                    TO_NOTICE,
                    "its session has ended",
                    () -> !json("mqtt:sessions --json").toString().contains("\"watched\""));
            assertThat(failure("mqtt:session-delete watchet"), containsString("no session of a client watchet"));
        }
    }

    @Test(timeout = 60_000)
    public void saysWhoGetsAMessage() throws Exception {
        try (RawClient client = RawClient.connect(port(), "matched")) {
            client.subscribe("matched/+");

            JsonObject receiver = only(json("mqtt:match --json matched/x"));
            assertEquals("matched", receiver.getString("clientId"));
            assertEquals("SENT", receiver.getString("outcome"));
            assertEquals("matched/+", receiver.getJsonArray("filters").getString(0));
            assertThat(execute("mqtt:match matched/x/y"), containsString("Nobody would get it."));
        }
    }

    @Test(timeout = 60_000)
    public void keepsReadsAndDeletesRetainedMessages() throws Exception {
        execute("mqtt:publish --retain --qos 1 --content-type text/plain --user-property unit=C"
                + " --user-property place=here kept/one '21.5 °C'");

        JsonObject listed = only(json("mqtt:retained --json 'kept/#'"));
        assertEquals("kept/one", listed.getString("topic"));
        JsonObject read = json("mqtt:retained-get --json kept/one").asJsonObject();
        assertEquals("21.5 °C", read.getString("payload"));
        assertEquals("text/plain", read.getString("contentType"));
        assertEquals(2, read.getJsonArray("userProperties").size());
        assertThat(failure("mqtt:retained-get kept/on"), containsString("did you mean kept/one?"));
        assertThat(complete("mqtt:retained-get", "kept/"), is(List.of("kept/one")));

        JsonObject deleted = json("mqtt:retained-delete --json 'kept/#'").asJsonObject();
        assertEquals(1, deleted.getInt("deleted"));
        assertTrue(json("mqtt:retained --json 'kept/#'").asJsonArray().isEmpty());
    }

    @Test(timeout = 60_000)
    public void publishesAgainAndAgain() throws Exception {
        JsonObject result =
                json("mqtt:publish --json --count 3000 --qos 1 again x").asJsonObject();

        assertEquals(3000, result.getInt("sent"));
        assertEquals(3000, result.getInt("acknowledged"));
        assertEquals(3000, result.getInt("withoutSubscribers"));
    }

    @Test(timeout = 60_000)
    public void publishesAFile() throws Exception {
        Path file = Files.write(Path.of(System.getProperty("karaf.data"), "payload"), new byte[] {-1, 0});

        execute("mqtt:publish --retain --file " + file + " binary");

        JsonObject read = json("mqtt:retained-get --json binary").asJsonObject();
        assertEquals("/wA=", read.getString("payloadBase64"));
        execute("mqtt:retained-delete binary");
        Files.delete(file);
    }

    @Test(timeout = 60_000)
    public void showsLimitsAndRates() throws Exception {
        assertThat(execute("mqtt:limits"), containsString("256MiB"));
        assertFalse(json("mqtt:limits --json").asJsonArray().isEmpty());

        JsonObject rates = json("mqtt:top --count 1 --json").asJsonObject();
        assertTrue(rates.containsKey("receivedPerSecond"));
        assertThat(execute("mqtt:top --count 1"), containsString("Busiest sessions"));
    }

    @Test(timeout = 60_000)
    public void teachesWithAnExampleAndWhatToQuote() throws Exception {
        assertThat(execute("mqtt:client-info --help"), containsString("Example: mqtt:client-info gateway-7"));
        assertThat(execute("mqtt:subscribe --help"), containsString("quote them, '#'"));
        assertThat(failure("mqtt:retained-delete #"), containsString("as in mqtt:retained-delete '#'"));
        assertThat(execute("mqtt:publish $nothing/x y"), containsString("Was there a $?"));
    }

    @Test(timeout = 60_000)
    public void saysWhatIsWrong() {
        assertThat(failure("mqtt:bridge-info nobody"), containsString("nobody"));
    }

    private String failure(String command) {
        return assertThrows(Exception.class, () -> execute(command)).getMessage();
    }

    /** Karaf registers the commands of a bundle anew when a service comes or goes that they refer to, and not at once. */
    @Test(timeout = 60_000)
    public void keepsTheCommandsWhileBridgesComeAndGo() {
        Command before = command("mqtt:bridges");
        Bridge another = (Bridge) Proxy.newProxyInstance(
                Bridge.class.getClassLoader(), new Class<?>[] {Bridge.class}, (proxy, method, arguments) -> null);
        ServiceRegistration<Bridge> registration = context.registerService(Bridge.class, another, null);
        try {
            assertSame(before, command("mqtt:bridges"));
        } finally {
            registration.unregister();
        }
        assertSame(before, command("mqtt:bridges"));
    }

    /** The topic is not in ISO-8859-1, as which Karaf by itself would read the file. */
    @Test(timeout = 60_000)
    public void editsABridgesFile() throws Exception {
        Path file = writeToEtc(
                "io.bascule.bridge-edited.cfg",
                "# für die Anlage\nserver = mqtt://127.0.0.1:" + Sockets.freePort()
                        + "\nforward.a = a/#, \\\n  b/#\ndelete.grace = 0s\n");
        eventually(TO_NOTICE, "the bridge is there", () -> bridges().size() == 1);

        assertThat(
                execute("mqtt:bridge-set --unset forward.a edited keepalive=30s 'forward.ж=ж/# -> x/{#}'"),
                containsString("Changed keepalive, forward.ж, forward.a of the bridge edited in " + file));
        assertThat(execute("mqtt:bridge-test ж/1"), containsString("x/1"));
        assertThat(Files.readString(file), containsString("# für die Anlage\nserver = "));
        assertThat(Files.readString(file), containsString("\nforward.ж = ж/# -> x/{#}\n"));
        assertThat(failure("mqtt:bridge-set edited keepalife=3s"), containsString("did you mean keepalive?"));
        assertThat(execute("mqtt:bridge-remove edited"), containsString("Removed the bridge edited with " + file));
        assertFalse(Files.exists(file));
    }

    private JsonArray bridges() throws Exception {
        return json("mqtt:bridges --json").asJsonArray();
    }

    private JsonValue json(String command) throws Exception {
        try (JsonReader reader = Json.createReader(new StringReader(execute(command)))) {
            return reader.readValue();
        }
    }

    private static JsonObject only(JsonValue array) {
        assertEquals(array.toString(), 1, array.asJsonArray().size());
        return array.asJsonArray().getJsonObject(0);
    }
}
