/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeStatus;
import io.bascule.itests.client.Version;
import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.secrets.Canary;
import io.bascule.itests.support.Flow;
import io.bascule.itests.support.InWatchedFolder;
import io.bascule.mqtt.TopicFilter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.Before;
import org.junit.Test;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ConfigurationPlugin;

/** Bridges that are added, edited and removed at the console, as it is typed there. */
public class ConsoleConfigurationIT extends InWatchedFolder {
    private static final Duration TO_ARRIVE = Duration.ofSeconds(30);
    private static final int RATE = 200;
    private static final int EDITS = 10;

    private int local;

    @Before
    public void openListener() throws IOException {
        local = openListener("local");
    }

    @Test(timeout = 180_000)
    public void losesNothingFromAddToAddAgain() throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start();
                Flow out = flow("out", local, "out/x", peer.port(), "there/x");
                Flow in = flow("in", peer.port(), "in/x", local, "here/x")) {
            String lines = "server=mqtt://127.0.0.1:" + peer.port()
                    + " 'forward.out=out/# -> there/{#}' 'subscribe.in=in/# -> here/{#}'";

            assertThat(console("mqtt:bridge-add b " + lines)).isEqualTo("Added the bridge b in " + file("b") + ".");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("b"))))
                    .isEqualTo("rw-------");
            awaitConnected("b");
            List.of(out, in).forEach(flow -> flow.start(RATE));

            String byHand = "# of the plant\n" + Files.readString(file("b")) + "! the end, with no line after it";
            write("b", byHand);
            for (int i = 1; i <= EDITS; i++) {
                assertThat(console("mqtt:bridge-set b keepalive=" + (10 + i) + "s"))
                        .startsWith("Changed keepalive of the bridge b in ");
                assertThat(file("b")).hasContent(byHand + "\nkeepalive = " + (10 + i) + "s\n");
            }
            console("mqtt:bridge-set b --unset keepalive 'forward.more=more/# -> $SYS/more/{#} qos=1'");
            assertThat(file("b")).hasContent(byHand + "\nforward.more = more/# -> $SYS/more/{#} qos=1\n");
            awaitConnected("b");
            List.of(out, in).forEach(flow -> flow.awaitMore(20));

            assertThat(console("mqtt:bridge-remove b"))
                    .startsWith("Removed the bridge b with " + file("b") + ". Its sessions, with ")
                    .endsWith(" (delete.grace), unless it is added again; mqtt:bridge-purge b ends them now.");
            assertThat(file("b")).doesNotExist();
            assertThat(bridge("b")).isEmpty();
            int sent = out.books().sent();
            eventually("something waits", () -> out.books().sent() > sent + RATE / 2);

            console("mqtt:bridge-add b " + lines);
            awaitConnected("b");
            List.of(out, in).forEach(flow -> flow.awaitMore(20));
            List.of(out, in).forEach(Flow::stop);
            List.of(out, in).forEach(flow -> flow.awaitExact(TO_ARRIVE));
            List.of(out, in).forEach(flow -> System.out.println("Bridge to " + peer + " from the console, " + flow));
        }
        try (var files = Files.list(etc())) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("io.bascule.bridge-b.cfg");
        }
    }

    @Test(timeout = 120_000)
    public void refusesWhatIsNotValidAndTouchesNothing() throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start()) {
            console("mqtt:bridge-add b server=mqtt://127.0.0.1:" + peer.port() + " 'forward.out=out/#'");
            awaitConnected("b");
            Instant since = bridge("b").orElseThrow().since();
            String before = Files.readString(file("b"));

            refused("mqtt:bridge-set b keepalive=6 keepalife=6s", "b is not changed: keepalive: \"6\" has no unit");
            refused("mqtt:bridge-set b keepalive=6 keepalife=6s", "keepalife: is not a key; did you mean keepalive?");
            refused("mqtt:bridge-set b --unset forward.out", "there is no route");
            refused("mqtt:bridge-set b --unset forward.oud", "forward.oud: is not there; did you mean forward.out?");
            refused("mqtt:bridge-set bb keepalive=6s", "There is no bridge bb; did you mean b?");
            refused("mqtt:bridge-add b server=mqtt://x forward.a=a", "there is a bridge b already");
            refused("mqtt:bridge-add ../b server=mqtt://x forward.a=a", "is no name of a bridge");
            refused(
                    "mqtt:bridge-add c server=mqtt://x",
                    "The bridge c is not added: forward.<name>: there is no route");

            assertThat(file("b")).hasContent(before);
            assertThat(file("c")).doesNotExist();
            assertThat(bridge("b").orElseThrow().since()).isEqualTo(since);
        }
    }

    @Test(timeout = 120_000)
    public void showsAnInvalidFileWhereverABridgeIsShown() throws IOException {
        try (MosquittoProcess peer = MosquittoProcess.start()) {
            console("mqtt:bridge-add b server=mqtt://127.0.0.1:" + peer.port() + " keepalive=60s user=u password="
                    + Canary.secret("one") + " 'forward.out=out/#'");
            awaitConnected("b");
            assertThat(console("mqtt:bridge-diff b")).isEqualTo("Nothing differs.");
            write("never", "forward.a = a/#\n");
            write(
                    "b",
                    Files.readString(file("b"))
                            .replace("60s", "6")
                            .replace(Canary.secret("one"), Canary.secret("two")));
            String asked =
                    "CONFIG_INVALID: asked for keepalive = 6 (in force: 60s), password = *** (in force: another);"
                            + " in force is the last valid configuration; because keepalive: \"6\" has no unit";
            eventually(() -> {
                assertThat(bridge("b").flatMap(BridgeStatus::configurationError))
                        .isPresent();
                assertThat(bridge("never")).isPresent();
            });

            assertThat(console("mqtt:bridge-info b")).contains(asked);
            assertThat(console("mqtt:bridges"))
                    .contains("INVALID, an older one is in force", asked)
                    .contains(
                            "INVALID, none is in force",
                            "CONFIG_INVALID: asked for forward.a = a/#; nothing is in force");
            eventually(() -> assertThat(broker.retained(TopicFilter.of("$SYS/broker/bridge/b"), 1))
                    .singleElement()
                    .satisfies(message -> assertThat(new String(message.payload(), StandardCharsets.UTF_8))
                            .contains(asked.replace("\"", "\\\""))));
            assertThat(console("mqtt:bridge-diff b --json").replaceAll("\\s+", " "))
                    .contains("\"key\": \"keepalive\", \"asked\": \"6\", \"inForce\": \"60s\"")
                    .contains("\"key\": \"password\", \"asked\": \"***\", \"inForce\": \"another\"");
            refused("mqtt:bridge-validate " + file("b"), "is not valid: 1 error.");

            assertThat(console("mqtt:bridge-set b keepalive=50s")).startsWith("Changed ");
            assertThat(bridge("b").flatMap(BridgeStatus::configurationError)).isEmpty();
            assertThat(console("mqtt:bridge-validate " + file("b"))).contains("Valid     yes");
        }
    }

    @Test(timeout = 120_000)
    public void judgesPlaceholdersByWhatFillsThemAndLeavesThemInTheFile() throws IOException {
        ServiceRegistration<ConfigurationPlugin> plugin = context.registerService(
                ConfigurationPlugin.class,
                (ServiceReference<?> reader, Dictionary<String, Object> properties) -> {
                    if ("$[env:FAR]".equals(properties.get("server"))) {
                        properties.put("server", "mqtt://far.invalid");
                    }
                },
                null);
        try {
            assertThat(console("mqtt:bridge-add b 'server=$[env:FAR]' 'forward.out=out/#'"))
                    .startsWith("Added ");
            assertThat(bridge("b").map(BridgeStatus::server)).hasValue("mqtt://far.invalid:1883");
            assertThat(console("mqtt:bridge-set b keepalive=10s")).startsWith("Changed ");
            assertThat(file("b")).hasContent("server = $[env:FAR]\nforward.out = out/#\nkeepalive = 10s\n");
            refused("mqtt:bridge-set b 'user=$[env:NOBODY]'", "user: has a placeholder that nothing fills");
        } finally {
            plugin.unregister();
        }
    }

    @Test(timeout = 60_000)
    public void doesNotEditWhatItCannotKeep() throws IOException {
        write("typed", "server = \"mqtt://far.invalid\"\nforward.a = \"a/#\"\n");
        write("cut", "server = mqtt://far.invalid\n\nforward.a = a/#\nkeepalive = 3\nforward.b = b/#, \\");
        eventually(() -> {
            assertThat(bridge("typed").map(BridgeStatus::server)).hasValue("mqtt://far.invalid:1883");
            assertThat(bridge("cut")).isPresent();
        });

        refused("mqtt:bridge-set typed keepalive=10s", "is in Felix's notation with types");
        assertThat(console("mqtt:bridge-diff typed")).isEqualTo("Nothing differs.");
        refused(
                "mqtt:bridge-set cut --unset keepalive hops.maximum=3",
                "cut is not changed: line 5: ends with \\ and nothing follows, so that it is passed over.");
        refused("mqtt:bridge-validate " + file("cut"), "is not valid: 2 errors.");
        assertThat(service(BridgeConfigurations.class).validate(file("cut")).errors())
                .extracting(BridgeConfigurations.Finding::line)
                .containsExactly(Optional.of(5), Optional.of(4));
        refused("mqtt:bridge-validate " + etc(), "there is no file ");
    }

    /** Configuration Admin takes none of such a file, and tells only the log of File Install. */
    @Test(timeout = 60_000)
    public void refusesKeysThatAreOneToConfigurationAdmin() throws IOException {
        console("mqtt:bridge-add b server=mqtt://far.invalid 'forward.alarms=a/#'");
        String before = Files.readString(file("b"));
        String why = "forward.Alarms: is there in another case, as forward.alarms; allowed is one of them";

        refused("mqtt:bridge-set b 'forward.Alarms=b/#'", "b is not changed: " + why);
        refused("mqtt:bridge-add c server=mqtt://x forward.alarms=a forward.Alarms=b", why);
        assertThat(file("b")).hasContent(before);
        assertThat(file("c")).doesNotExist();

        write("b", before + "Forward.alarms = b/#\n= x\nserver = mqtt://far.invalid\n");
        refused("mqtt:bridge-validate " + file("b"), "is not valid: ");
        BridgeConfigurations.Findings findings =
                service(BridgeConfigurations.class).validate(file("b"));
        assertThat(findings.errors())
                .extracting(BridgeConfigurations.Finding::line)
                .contains(Optional.of(3), Optional.of(4));
        refused("mqtt:bridge-set b keepalive=10s", "line 3: Forward.alarms is there in another case");

        configureBridge("d", Map.of("server", "mqtt://far.invalid", "forward.alarms", "a/#"));
        eventually(() -> assertThat(bridge("d")).isPresent());
        refused("mqtt:bridge-set d 'forward.Alarms=b/#'", "d is not changed: " + why);
    }

    /** What a host has configured by itself has no file. */
    @Test(timeout = 120_000)
    public void editsWhatConfigurationAdminAloneHas() throws IOException {
        configureBridge("b", Map.of("server", "mqtt://far.invalid", "forward.out", "out/#"));
        eventually(() -> assertThat(bridge("b")).isPresent());

        assertThat(console("mqtt:bridge-set b 'forward.more=more/#' --unset forward.out"))
                .isEqualTo("Changed forward.more, forward.out of the bridge b.");
        assertThat(bridge("b").orElseThrow().routes())
                .extracting(BridgeStatus.Route::name)
                .containsExactly("more");
        assertThat(console("mqtt:bridge-remove b"))
                .startsWith("Removed the bridge b. Its sessions, with 0 messages, end at ");
        assertThat(bridge("b")).isEmpty();
    }

    @Test(timeout = 120_000)
    public void triesRoutesOutAndWarnsOfCirclesWithOtherBridges() throws IOException {
        console(
                "mqtt:bridge-add up server=mqtt://far.invalid 'forward.x=x/# -> y/{#} exclude=x/in/# retain=strip qos=1'");

        assertThat(console("mqtt:bridge-add down server=mqtt://far.invalid 'subscribe.y=y/# -> x/{#}'"))
                .contains("Beware: forward.x of the bridge up and subscribe.y overlap: what leaves as y/# comes back");
        assertThat(bridge("up").orElseThrow().warnings()).hasSize(1);
        assertThat(console("mqtt:bridge-test --qos 2 --retain x/a --json").replaceAll("\\s+", " "))
                .contains(
                        "\"route\": \"x\", \"outcome\": \"CROSSES\", \"topic\": \"y/a\", \"qos\": 1, \"retain\": false");
        assertThat(console("mqtt:bridge-test x/in/a")).contains("excluded by x/in/#");
        assertThat(console("mqtt:bridge-test --direction forward y/a"))
                .isEqualTo("No route takes it: of 1 route none has a filter that matches.");
        assertThat(console("mqtt:bridge-routes down"))
                .contains("subscribe", "x/{#}")
                .doesNotContain("forward");
    }

    private static Flow flow(String name, int fromPort, String topic, int toPort, String filter) {
        return new Flow(name, Version.MQTT_5, 2, new Flow.Way(fromPort, topic, toPort, filter));
    }

    private void refused(String line, String why) {
        assertThatThrownBy(() -> console(line)).hasMessageContaining(why);
    }
}
