/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.mqtt.UserProperty;
import io.bascule.spi.Client;
import io.bascule.spi.MessageInterceptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;

/** Says in each message who has published it, and drops what is noise. */
@Component
public final class Stamp implements MessageInterceptor {

    @Override
    public Optional<Message> publish(Client publisher, Message message) {
        if (message.topic().level(0).equals("noise")) {
            return Optional.empty();
        }
        MessageProperties before = message.properties();
        List<UserProperty> properties = new ArrayList<>(before.userProperties());
        properties.add(new UserProperty("publisher", publisher.clientId()));
        return Optional.of(message.withProperties(new MessageProperties(
                before.payloadFormatIndicator(),
                before.contentType(),
                before.responseTopic(),
                before.correlationData(),
                properties)));
    }
}
