/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Authorizer;
import io.bascule.spi.Client;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Lets operators do everything and everybody use {@code public/}; in force while {@code etc/example.rights.cfg} is there. */
@Component(configurationPid = "example.rights", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Rights implements Authorizer {

    @Override
    public Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain) {
        return decide(client, topic.level(0));
    }

    @Override
    public Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos) {
        return decide(client, filter.level(0));
    }

    @Override
    public Decision mayReceive(Client client, Topic topic) {
        return decide(client, topic.level(0));
    }

    private static Decision decide(Client client, String firstLevel) {
        boolean allowed = client.identity().groups().contains("operators") || firstLevel.equals("public");
        return allowed ? Decision.ALLOW : Decision.ABSTAIN;
    }
}
