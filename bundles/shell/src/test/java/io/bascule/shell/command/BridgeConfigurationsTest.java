/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bascule.api.BridgeConfigurations;
import io.bascule.api.BridgeRoute;
import io.bascule.api.BridgeStatus;
import io.bascule.api.ConfigurationRefusedException;
import io.bascule.api.DeletedBridge;
import io.bascule.api.DeletedBridges;
import io.bascule.api.QueueInfo;
import io.bascule.api.RouteTrial;
import io.bascule.api.RouteTrial.Outcome;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.PlainTable;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import io.bascule.shell.view.ViewPrinter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class BridgeConfigurationsTest {
    private static final Path FILE = Path.of("/etc/io.bascule.bridge-emqx.cfg");

    private final FakeConfigurations configurations = new FakeConfigurations();
    private final List<DeletedBridge> deleted = new ArrayList<>();
    private final Services services = new Services(
            Optional.empty(),
            List.of(),
            List.of(Fakes.bridge("emqx", BridgeStatus.State.CONNECTED)),
            Optional.empty(),
            Optional.of(new Waiting()),
            Optional.of(configurations),
            Optional.empty(),
            SecurityServices.NONE);

    // ---------------------------------------------------------------- add and set

    @Test
    void addsABridge() {
        View answer = BridgeAdd.of("cloud", List.of("server=mqtt://far", "forward.a=a/# -> b/{#} qos=1"))
                .run(services);

        assertThat(text(answer)).isEqualTo("Added the bridge cloud in " + FILE + ".");
        assertThat(Json.line(answer))
                .isEqualTo("{\"name\":\"cloud\",\"file\":\"" + FILE + "\",\"takenUp\":true,\"warnings\":[]}");
        assertThat(configurations.calls).containsExactly("add cloud {server=mqtt://far, forward.a=a/# -> b/{#} qos=1}");
    }

    @Test
    void saysWhatIsToBeWatched() {
        configurations.change =
                new BridgeConfigurations.Change(Optional.empty(), false, List.of("a and b overlap", "c and d overlap"));

        assertThat(text(BridgeAdd.of("cloud", List.of("server=x")).run(services)))
                .isEqualTo("Added the bridge cloud; it has not been taken up within 5 s. Beware: a and b overlap."
                        + " Beware: c and d overlap.");
    }

    @Test
    void saysEveryReasonThatItIsRefusedFor() {
        configurations.refusal = List.of("server: is missing", "keepalive: has no unit");

        assertThatThrownBy(() -> BridgeAdd.of("cloud", List.of("keepalive=6")).run(services))
                .hasMessage("The bridge cloud is not added: server: is missing; keepalive: has no unit.");
    }

    @Test
    void changesLinesAndTakesThemOut() {
        View answer = BridgeSet.of("emqx", List.of("keepalive=30s"), List.of("forward.old"))
                .run(services);

        assertThat(text(answer)).isEqualTo("Changed keepalive, forward.old of the bridge emqx in " + FILE + ".");
        assertThat(configurations.calls).containsExactly("set emqx {keepalive=30s} [forward.old]");
    }

    @Test
    void namesTheNearest() {
        for (ConsoleCommand command : List.of(
                BridgeSet.of("emx", List.of("a=b"), List.of()),
                BridgeRemove.of("emx"),
                BridgeDiff.of("emx"),
                new BridgeRoutes(Optional.of("emx")),
                BridgeTrial.of("a", "emx", null, "0", false))) {
            assertThatThrownBy(() -> command.run(services)).hasMessage("There is no bridge emx; did you mean emqx?");
        }
        assertThat(configurations.calls).isEmpty();
    }

    @Test
    void asksForWhatTheShellHasTakenAway() {
        assertThatThrownBy(() -> BridgeAdd.of("cloud", List.of("password=")))
                .hasMessage("password has no value. Was there a $? The shell has taken it for a variable; quote it as a"
                        + " whole: 'password=…'.");
        assertThatThrownBy(() -> BridgeSet.of("emqx", List.of("forward.a=a/#", "b/#"), List.of()))
                .hasMessage("\"b/#\" is not key=value; quote a route as a whole: 'forward.all=a/# -> b/{#}'.");
        assertThatThrownBy(() -> BridgeSet.of("emqx", List.of("a=1", "a=2"), List.of()))
                .hasMessage("a is given twice.");
        assertThatThrownBy(() -> BridgeSet.of("emqx", List.of(), List.of()))
                .hasMessage("Nothing is to be changed; give key=value, or --unset key.");
        assertThatThrownBy(() -> BridgeAdd.of("server=mqtt://far", List.of()))
                .hasMessage("The bridge's name is missing; it comes first.");
        assertThatThrownBy(() -> BridgeDiff.of(null))
                .hasMessage("The bridge's name is missing; mqtt:bridges lists them.");
    }

    @Test
    void saysThatTheBundleIsMissing() {
        assertThatThrownBy(() -> BridgeAdd.of("cloud", List.of("a=b")).run(Fakes.stopped()))
                .hasMessage("The bridge bundle is not started, which has the configurations.");
    }

    // ---------------------------------------------------------------- remove

    @Test
    void saysWhatRemovingLeaves() {
        assertThat(text(BridgeRemove.of("emqx").run(services)))
                .isEqualTo("Removed the bridge emqx with " + FILE + "; nothing of it is left.");

        deleted.add(new DeletedBridge(
                "emqx",
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(60),
                new QueueInfo(4, 2048, Optional.empty(), 1, 0, 0),
                Optional.empty()));
        View answer = BridgeRemove.of("emqx").run(services);

        assertThat(text(answer))
                .startsWith("Removed the bridge emqx with " + FILE + ". Its sessions, with 5 messages, end at ")
                .endsWith(" (delete.grace), unless it is added again; mqtt:bridge-purge emqx ends them now.");
        assertThat(Json.line(answer)).contains("\"until\":\"1970-01-01T00:01:00Z\"");
    }

    // ---------------------------------------------------------------- look

    @Test
    void validatesAFileAndFailsWhereItIsNotValid() {
        assertThat(validated(false)).contains("Valid     yes").contains("None.");

        configurations.findings = new BridgeConfigurations.Findings(
                List.of(
                        new BridgeConfigurations.Finding(Optional.of(3), "keepalive: has no unit"),
                        new BridgeConfigurations.Finding(Optional.empty(), "server: is missing")),
                List.of());

        assertThat(validated(false)).contains("3     keepalive: has no unit").contains("-     server: is missing");
        assertThat(validated(true))
                .contains("\"valid\": false")
                .contains("\"line\": 3")
                .contains("x.cfg is not valid: 2 errors.");
        configurations.trouble = new NoSuchFileException("/x.cfg");
        assertThat(validated(false)).contains("It cannot be validated: there is no file /x.cfg.");
        assertThatThrownBy(() -> BridgeValidate.of(null)).hasMessageStartingWith("The file is missing");
    }

    /** What is printed, and then why it fails. */
    private String validated(boolean json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Console console = new Console(out, new ViewPrinter(new PlainTable()), json, false, () -> true);
        try {
            BridgeValidate.of("/x.cfg").run(() -> services, console);
        } catch (CommandFailure e) {
            out.println(e.getMessage());
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void showsWhatDiffers() {
        assertThat(((Table) BridgeDiff.of("emqx").run(services)).whenEmpty()).isEqualTo("Nothing differs.");

        configurations.differences =
                List.of(new BridgeConfigurations.Difference("keepalive", Optional.of("6"), Optional.empty()));

        assertThat(Json.line(BridgeDiff.of("emqx").run(services)))
                .isEqualTo("[{\"key\":\"keepalive\",\"asked\":\"6\",\"inForce\":null}]");
    }

    @Test
    void showsRoutesOptionByOption() {
        configurations.routes = List.of(
                new BridgeRoute(
                        "emqx",
                        "forward",
                        "a",
                        List.of(TopicFilter.of("a/#")),
                        "b/{#}",
                        QoS.AT_LEAST_ONCE,
                        "strip",
                        List.of(TopicFilter.of("a/x")),
                        List.of("max.payload=128KiB", "priority=high")),
                new BridgeRoute(
                        "other",
                        "subscribe",
                        "b",
                        List.of(),
                        "{topic}",
                        QoS.EXACTLY_ONCE,
                        "keep",
                        List.of(),
                        List.of()));

        assertThat(Json.line(new BridgeRoutes(Optional.of("emqx")).run(services)))
                .isEqualTo("[{\"bridge\":\"emqx\",\"direction\":\"forward\",\"route\":\"a\",\"filters\":[\"a/#\"],"
                        + "\"exclude\":[\"a/x\"],\"template\":\"b/{#}\",\"qos\":1,\"retain\":\"strip\","
                        + "\"options\":[\"max.payload=128KiB\",\"priority=high\"]}]");
        assertThat(((Table) new BridgeRoutes(Optional.empty()).run(services)).rows())
                .hasSize(2);
    }

    @Test
    void showsWhatAMessageComesTo() {
        configurations.trials = List.of(
                trial("emqx", "forward", Outcome.CROSSES),
                trial("emqx", "subscribe", Outcome.NOT_MATCHED),
                trial("other", "forward", Outcome.EXCLUDED));

        assertThat(Json.line(BridgeTrial.of("a", null, null, "1", true).run(services)))
                .isEqualTo("[{\"bridge\":\"emqx\",\"direction\":\"forward\",\"route\":\"r\",\"outcome\":\"CROSSES\","
                        + "\"topic\":\"b\",\"qos\":1,\"retain\":true,\"reason\":null},"
                        + "{\"bridge\":\"other\",\"direction\":\"forward\",\"route\":\"r\",\"outcome\":\"EXCLUDED\","
                        + "\"topic\":null,\"qos\":null,\"retain\":null,\"reason\":\"why\"}]");
        assertThat(configurations.calls).containsExactly("test a 1 true");
        Table none = (Table)
                BridgeTrial.of("$SYS/a", "emqx", "subscribe", "0", false).run(services);
        assertThat(none.rows()).isEmpty();
        assertThat(none.whenEmpty())
                .isEqualTo("No route takes it: of 1 route none has a filter that matches. A filter that begins with a"
                        + " wildcard matches no topic with $.");
        assertThatThrownBy(() -> BridgeTrial.of("a", null, "up", "0", false))
                .hasMessage("There is no direction up; there is forward and subscribe, and both when it is left out.");
    }

    private static RouteTrial trial(String bridge, String direction, Outcome outcome) {
        boolean crosses = outcome == Outcome.CROSSES;
        return new RouteTrial(
                bridge,
                direction,
                "r",
                outcome,
                crosses ? Optional.empty() : Optional.of("why"),
                crosses ? Optional.of(Topic.of("b")) : Optional.empty(),
                QoS.AT_LEAST_ONCE,
                true);
    }

    private static String text(View sentence) {
        return ((Sentence) sentence).text();
    }

    private final class Waiting implements DeletedBridges {
        @Override
        public List<DeletedBridge> list() {
            return deleted;
        }

        @Override
        public CompletionStage<Boolean> purge(String name) {
            throw new UnsupportedOperationException();
        }
    }

    /** Notes what it was told. */
    private static final class FakeConfigurations implements BridgeConfigurations {
        final List<String> calls = new ArrayList<>();
        Change change = new Change(Optional.of(FILE), true, List.of());
        List<String> refusal = List.of();
        Findings findings = new Findings(List.of(), List.of());
        IOException trouble;
        List<Difference> differences = List.of();
        List<BridgeRoute> routes = List.of();
        List<RouteTrial> trials = List.of();

        private CompletionStage<Change> edited(String call) throws ConfigurationRefusedException {
            if (!refusal.isEmpty()) {
                throw new ConfigurationRefusedException(refusal);
            }
            calls.add(call);
            return CompletableFuture.completedFuture(change);
        }

        @Override
        public Findings validate(String name, Map<String, String> properties) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Findings validate(Path file) throws IOException {
            if (trouble != null) {
                throw trouble;
            }
            return findings;
        }

        @Override
        public CompletionStage<Change> add(String name, Map<String, String> properties)
                throws ConfigurationRefusedException {
            return edited("add " + name + " " + properties);
        }

        @Override
        public CompletionStage<Change> set(String name, Map<String, String> changes, Set<String> removals)
                throws ConfigurationRefusedException {
            return edited("set " + name + " " + changes + " " + removals);
        }

        @Override
        public CompletionStage<Change> remove(String name) throws ConfigurationRefusedException {
            return edited("remove " + name);
        }

        @Override
        public List<Difference> diff(String name) {
            return differences;
        }

        @Override
        public List<BridgeRoute> routes() {
            return routes;
        }

        @Override
        public List<RouteTrial> test(Topic topic, QoS qos, boolean retain) {
            calls.add("test " + topic + " " + qos.level() + " " + retain);
            return trials;
        }
    }
}
