/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.mqtt.Message;
import io.bascule.spi.MessageSubscriber;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Prints alarms, for as long as it is there. */
@Component(property = {"mqtt.topic.filter=alarms/#", "mqtt.topic.filter=plant7/alarms/#", "mqtt.maximum.qos=1"})
public final class AlarmPrinter implements MessageSubscriber {
    private final Printer printer;

    @Activate
    public AlarmPrinter(@Reference Printer printer) {
        this.printer = printer;
    }

    @Override
    public void message(Message message) {
        printer.print(message.topic() + ": " + message.text());
    }
}
