/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.karaf;

import static io.bascule.itests.karaf.Waiting.eventually;
import static org.hamcrest.CoreMatchers.anyOf;
import static org.hamcrest.CoreMatchers.containsString;
import static org.hamcrest.CoreMatchers.is;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.json.Json;
import javax.json.JsonArray;
import javax.json.JsonObject;
import javax.json.JsonReader;
import javax.json.JsonValue;
import org.junit.Before;
import org.junit.Test;

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
    public void saysWhatIsWrong() {
        Exception failure = assertThrows(Exception.class, () -> execute("mqtt:bridge-info nobody"));

        assertThat(failure.getMessage(), containsString("nobody"));
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
