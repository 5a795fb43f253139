/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.gogo;

import io.bascule.shell.command.BridgeInfo;
import io.bascule.shell.command.Bridges;
import io.bascule.shell.command.Clients;
import io.bascule.shell.command.CommandFailure;
import io.bascule.shell.command.ConsoleCommand;
import io.bascule.shell.command.Listeners;
import io.bascule.shell.command.Publish;
import io.bascule.shell.command.Services;
import io.bascule.shell.command.Status;
import io.bascule.shell.command.Subscribe;
import io.bascule.shell.command.Subscriptions;
import io.bascule.shell.command.Suggestions;
import io.bascule.shell.gogo.Syntax.Argument;
import io.bascule.shell.gogo.Syntax.Option;
import io.bascule.shell.gogo.Syntax.Typed;
import io.bascule.shell.view.PlainTable;
import io.bascule.shell.view.ViewPrinter;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A command as it is typed in Gogo.
 *
 * @param syntax what may be typed
 * @param body what happens then
 */
record Command(Syntax syntax, Body body) {
    private static final ViewPrinter PRINTER = new ViewPrinter(new PlainTable());

    private static final Option QOS = new Option("--qos", "-q", Optional.of("0|1|2"), "Quality of service; 0.");

    /** Every command of scope {@code mqtt}. */
    static final List<Command> ALL = List.of(
            query("status", Status.SUMMARY, typed -> new Status()),
            query("listeners", Listeners.SUMMARY, typed -> new Listeners()),
            answering(
                    new Syntax(
                            "clients",
                            Clients.SUMMARY,
                            List.of(),
                            List.of(new Option(
                                    "--offline",
                                    "-o",
                                    Optional.empty(),
                                    "Shows sessions that wait for their client as well.")),
                            "mqtt:clients --offline"),
                    typed -> new Clients(typed.has("--offline"))),
            answering(
                    new Syntax(
                            "subscriptions",
                            Subscriptions.SUMMARY,
                            List.of(new Argument(
                                    "client id", "Whose; everybody's by default.", Optional.of(Suggestions.CLIENTS))),
                            List.of(),
                            "mqtt:subscriptions gateway-7"),
                    typed -> new Subscriptions(Optional.ofNullable(typed.word(0)))),
            query("bridges", Bridges.SUMMARY, typed -> new Bridges()),
            answering(
                    new Syntax(
                            "bridge-info",
                            BridgeInfo.SUMMARY,
                            List.of(new Argument("name", "Which bridge.", Optional.of(Suggestions.BRIDGES))),
                            List.of(),
                            "mqtt:bridge-info emqx"),
                    typed -> BridgeInfo.of(typed.word(0))),
            answering(
                    new Syntax(
                            "publish",
                            Publish.SUMMARY,
                            List.of(
                                    new Argument("topic", "Where to.", Optional.of(Suggestions.TOPICS)),
                                    new Argument("message", "The text; '' for none.", Optional.empty())),
                            List.of(
                                    QOS,
                                    new Option("--retain", "-r", Optional.empty(), "Keeps it for later subscribers.")),
                            "mqtt:publish --qos 1 plant7/state 'running well'"),
                    typed ->
                            Publish.of(typed.word(0), typed.word(1), typed.value("--qos", "0"), typed.has("--retain"))),
            new Command(
                    new Syntax(
                            "subscribe",
                            Subscribe.SUMMARY,
                            List.of(new Argument(
                                    "filter", "Quoted where it has # or $.", Optional.of(Suggestions.FILTERS))),
                            List.of(QOS),
                            "mqtt:subscribe 'sensors/#'"),
                    (typed, services, out, wanted) -> Subscribe.of(
                                    typed.word(0), typed.value("--qos", "0"), typed.has(Syntax.JSON))
                            .run(services, out, wanted)));

    /** What a command does with what was typed. */
    @FunctionalInterface
    interface Body {
        void run(Typed typed, Services services, PrintStream out, BooleanSupplier wanted);
    }

    /**
     * Runs it.
     *
     * @param wanted whether a command that goes on is still wanted
     * @throws CommandFailure with what the user is told
     */
    void run(List<String> words, Services services, PrintStream out, BooleanSupplier wanted) {
        Typed typed = syntax.parse(words);
        if (typed.has(Syntax.HELP)) {
            out.println(syntax.help());
        } else {
            body.run(typed, services, out, wanted);
        }
    }

    private static Command query(String name, String summary, Function<Typed, ConsoleCommand> made) {
        return answering(new Syntax(name, summary, List.of(), List.of(), "mqtt:" + name + " --json"), made);
    }

    private static Command answering(Syntax syntax, Function<Typed, ConsoleCommand> made) {
        return new Command(
                syntax,
                (typed, services, out, wanted) ->
                        PRINTER.print(made.apply(typed).run(services), typed.has(Syntax.JSON), out));
    }
}
