/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.loops;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.MessageProperties;
import io.bascule.spi.Client;
import io.bascule.spi.MessageInterceptor;
import java.util.Optional;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Takes from every message what its publisher has put there, and with it the way that it has come. */
public final class ForgetfulBundle implements BundleActivator, MessageInterceptor {

    @Override
    public void start(BundleContext context) {
        context.registerService(MessageInterceptor.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the service back.
    }

    @Override
    public Optional<Message> publish(Client publisher, Message message) {
        return Optional.of(message.withProperties(MessageProperties.NONE));
    }
}
