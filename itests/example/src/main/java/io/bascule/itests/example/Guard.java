/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.AuthenticationResult;
import io.bascule.spi.Authenticator;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Client;
import io.bascule.spi.ConnectingClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Knows nobody. As long as it is there, nobody comes in and nothing is allowed unless somebody else says so. */
@Component(
        configurationPid = "example.guard",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "service.ranking:Integer=-1000")
public final class Guard implements Authenticator, Authorizer {

    @Override
    public CompletionStage<AuthenticationResult> authenticate(ConnectingClient client) {
        return CompletableFuture.completedFuture(new AuthenticationResult.Abstained());
    }

    @Override
    public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
        return Decision.ABSTAIN;
    }

    @Override
    public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
        return Decision.ABSTAIN;
    }

    @Override
    public Decision mayReceive(Client client, Topic topic) {
        return Decision.ABSTAIN;
    }
}
