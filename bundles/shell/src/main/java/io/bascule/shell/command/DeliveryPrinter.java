/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Delivery;
import io.bascule.shell.view.Details;
import io.bascule.shell.view.Json;
import io.bascule.shell.view.Payload;
import io.bascule.shell.view.Text;

/** A delivery in one line: in text its topic and payload, in JSON all of it. */
final class DeliveryPrinter {
    private final boolean json;

    DeliveryPrinter(boolean json) {
        this.json = json;
    }

    String line(Delivery delivery) {
        return json ? Json.line(data(delivery)) : text(delivery);
    }

    private static String text(Delivery delivery) {
        String topic = Text.printable(delivery.message().topic().name());
        return topic + "  " + Text.of(Payload.of(delivery.message().payload()));
    }

    private static Details data(Delivery delivery) {
        Details details = new Details()
                .with("topic", "Topic", delivery.message().topic().name())
                .with("qos", "QoS", delivery.qos().level())
                .with("retain", "Retain", delivery.retain())
                .with("dup", "Dup", delivery.dup());
        MessageDetails.addTo(details, delivery.message());
        return details;
    }
}
