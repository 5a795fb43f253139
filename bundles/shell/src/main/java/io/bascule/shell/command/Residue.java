/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeResidue;
import io.bascule.resource.ResourceKind;
import io.bascule.resource.ResourceLedger;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code mqtt:bridge-residue}: what bridges hold, and what those that have closed gave back.
 *
 * @param name of the bridge; all of them when empty
 */
public record Residue(Optional<String> name) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows what bridges hold, and what they gave back when they closed.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-residue emqx";
    /** For the help of both shells. */
    public static final String NAME = "Which bridge, also one that is gone; all of them by default.";

    private static final List<Column<BridgeResidue>> BRIDGES = List.of(
            new Column<>("name", "Name", BridgeResidue::name),
            new Column<>("open", "Open", bridge -> bridge.open().isPresent()),
            new Column<>("held", "It holds", bridge -> bridge.open().map(Residue::live)),
            new Column<>("closings", "Times closed", BridgeResidue::closings),
            new Column<>("acquired", "Acquired by then", bridge -> acquired(bridge.closed())),
            new Column<>("live", "Not given back", bridge -> bridge.closed().live()),
            new Column<>("failures", "Failures", bridge -> bridge.closed().failures()));

    private static final List<Column<BridgeResidue.Closing>> CLOSINGS = List.of(
            new Column<>("at", "Closed", BridgeResidue.Closing::at),
            new Column<>("acquired", "Acquired by then", closing -> acquired(closing.ledger())),
            new Column<>("live", "Not given back", closing -> live(closing.ledger())),
            new Column<>("failures", "Failures", closing -> closing.ledger().failures()));

    @Override
    public View run(Services services) {
        List<BridgeResidue> bridges = services.residue();
        if (name.isPresent()) {
            return one(bridges);
        }
        return Table.of(
                bridges,
                Comparator.comparing(BridgeResidue::name),
                "There is no bridge, and there was none since their bundle was started.",
                BRIDGES);
    }

    private View one(List<BridgeResidue> bridges) {
        BridgeResidue bridge = bridges.stream()
                .filter(residue -> residue.name().equals(name.get()))
                .findFirst()
                .orElseThrow(() -> Unknown.bridge(
                        name.get(), bridges.stream().map(BridgeResidue::name).toList()));
        Details details = new Details()
                .with("name", "Name", bridge.name())
                .with("open", "Open", bridge.open().isPresent())
                .with("closings", "Times closed", bridge.closings());
        bridge.open().ifPresent(ledger -> details.with("held", "Now", kinds(ledger, "It holds nothing.")));
        Comparator<BridgeResidue.Closing> latestFirst = (a, b) -> 0;
        return details.with("closed", "When it closed, in all", kinds(bridge.closed(), "It held nothing."))
                .with(
                        "latest",
                        "The last times",
                        Table.of(bridge.latest(), latestFirst, "It has not closed yet.", CLOSINGS));
    }

    private static Table kinds(ResourceLedger ledger, String whenEmpty) {
        return Table.of(
                ledger.kinds(),
                Comparator.naturalOrder(),
                whenEmpty,
                List.of(
                        new Column<>("kind", "Kind", ResourceKind::label),
                        new Column<>(
                                "acquired",
                                "Acquired",
                                kind -> ledger.acquired().get(kind)),
                        new Column<>(
                                "released",
                                "Released",
                                kind -> ledger.acquired().get(kind) - ledger.live(kind)),
                        new Column<>("live", "Live", ledger::live)));
    }

    private static Map<String, Integer> acquired(ResourceLedger ledger) {
        Map<String, Integer> byKind = new LinkedHashMap<>();
        ledger.kinds()
                .forEach(kind -> byKind.put(kind.label(), ledger.acquired().get(kind)));
        return byKind;
    }

    private static Map<String, Integer> live(ResourceLedger ledger) {
        Map<String, Integer> byKind = new LinkedHashMap<>();
        ledger.kinds().stream()
                .filter(kind -> ledger.live(kind) != 0)
                .forEach(kind -> byKind.put(kind.label(), ledger.live(kind)));
        return byKind;
    }
}
