/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.StoreFigures;
import io.bascule.api.StoreFigures.DamagedSegment;
import io.bascule.api.StoreStatus;
import io.bascule.shell.view.ByteCount;
import io.bascule.shell.view.Column;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Table;
import io.bascule.shell.view.View;
import java.util.List;

/** {@code mqtt:store}: how the store on disk stands. */
public record StoreDetails() implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Shows how the store on disk stands.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:store --json";

    private static final List<Column<DamagedSegment>> DAMAGED = List.of(
            new Column<>("file", "File", DamagedSegment::file),
            new Column<>("records", "Records in use", DamagedSegment::records),
            new Column<>("unreadableBytes", "Unreadable", each -> new ByteCount(each.unreadableBytes())));

    @Override
    public View run(Services services) {
        StoreStatus status = services.storeOnDisk().status();
        Details details = new Details()
                .with("folder", "Folder", status.folder())
                .with("durability", "Durability", status.durability())
                .with("open", "Open", status.figures().isPresent())
                .with("whyNotOpen", "  why not", status.whyNotOpen());
        status.figures().ifPresent(figures -> add(figures, details));
        return details;
    }

    private static void add(StoreFigures figures, Details details) {
        details.with("failure", "Failure", figures.failure())
                .with("bytes", "On disk", new ByteCount(figures.bytes()))
                .with("liveBytes", "  needed", new ByteCount(figures.liveBytes()))
                .with("segments", "Segments", figures.segments())
                .with("oldest", "Oldest record", figures.oldest())
                .with("appended", "Records appended", figures.appended())
                .with("durable", "  safe up to", figures.durable())
                .with("pendingBytes", "  not safe yet", new ByteCount(figures.pendingBytes()))
                .with("commits", "Commits", figures.commits().count())
                .with(
                        "commitMedianMicros",
                        "  median, us",
                        BridgeInfo.micros(figures.commits().median()))
                .with(
                        "commitPercentile99Micros",
                        "  99th percentile, us",
                        BridgeInfo.micros(figures.commits().percentile99()))
                .with(
                        "commitLongestMicros",
                        "  longest, us",
                        BridgeInfo.micros(figures.commits().longest()))
                .with("compacting", "Compaction runs", figures.compaction().running())
                .with(
                        "copiedBytes",
                        "  copied",
                        new ByteCount(figures.compaction().copiedBytes()))
                .with(
                        "deletedSegments",
                        "  segments deleted",
                        figures.compaction().deletedSegments())
                .with("sessions", "Sessions", figures.sessions())
                .with("retained", "Retained messages", figures.retained())
                .with("queued", "Messages queued", figures.queued())
                .with("damaged", "Damaged segments", Table.of(figures.damaged(), (a, b) -> 0, "None.", DAMAGED));
    }
}
