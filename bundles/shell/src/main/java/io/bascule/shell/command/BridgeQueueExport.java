/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.BridgeStatus;
import io.bascule.api.Broker;
import io.bascule.api.QueuedMessage;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Payload;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.Text;
import io.bascule.shell.view.View;
import java.io.IOException;
import java.io.Writer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code mqtt:bridge-queue-export}: writes what waits to be forwarded by a bridge to a file, a JSON object a line. The messages stay in the
 * queue. They are asked for a slice at a time, so that the session's event loop has other things to do as well; what is forwarded meanwhile
 * is not in the file, nor is what comes meanwhile.
 *
 * @param name of the bridge
 * @param file on the broker's machine
 */
public record BridgeQueueExport(String name, String file) implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Writes the messages that wait to be forwarded by a bridge to a file.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:bridge-queue-export cloud /tmp/cloud.jsonl";
    /** For the help of both shells. */
    public static final String FILE = "A file that is not there yet, on the broker's machine.";

    private static final int SLICE = 500;

    /**
     * The queue that is to be written.
     *
     * @param name as typed, null when it was left out
     * @param file as typed, null when it was left out
     * @throws CommandFailure when one of them was
     */
    public static BridgeQueueExport of(String name, String file) {
        if (file == null) {
            throw new CommandFailure("The bridge's name, or the file to write, is missing, as in " + EXAMPLE + ".");
        }
        return new BridgeQueueExport(Input.bridge(name), file);
    }

    @Override
    public View run(Services services) {
        BridgeStatus bridge = Input.bridge(services, name).status();
        Broker broker = services.runningBroker();
        NewFile target = NewFile.at(file);
        long[] written = new long[1];
        target.write(out -> written[0] = write(broker, bridge.localClientId(), out));
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("file", target.toString());
        data.put("messages", written[0]);
        return new Sentence("Wrote " + Text.count(written[0], "message") + " to " + target + ".", data);
    }

    private static long write(Broker broker, String clientId, Writer out) throws IOException {
        long start = System.nanoTime();
        long written = 0;
        long next = 0;
        while (true) {
            long elapsed = System.nanoTime() - start;
            List<QueuedMessage> slice =
                    Answers.of(broker.queued(clientId, next, SLICE), "The broker has not shown them");
            for (QueuedMessage each : slice) {
                if (each.age().toNanos() < elapsed) {
                    return written; // it has come since
                }
                out.write(Json.line(object(each)));
                out.write('\n');
                written++;
                next = each.number() + 1;
            }
            if (slice.size() < SLICE) {
                return written;
            }
        }
    }

    private static Details object(QueuedMessage each) {
        byte[] payload = each.message().payload();
        Details details = new Details()
                .with("number", "Number", each.number())
                .with("topic", "Topic", each.message().topic().name())
                .with("qos", "QoS", each.qos().level())
                .with("retain", "Retain", each.retain())
                .with("age", "Waits for", each.age())
                .with("expiresIn", "Expires in", each.expiresIn());
        if (Payload.of(payload).isText()) {
            details.with("payloadBase64", "In Base64", Base64.getEncoder().encodeToString(payload));
        }
        MessageDetails.addTo(details, each.message());
        return details;
    }
}
