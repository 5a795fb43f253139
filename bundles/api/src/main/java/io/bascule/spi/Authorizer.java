/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.QoS;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says what a client may do, or a bridge ({@link Client#bridge}), which is a client of its own broker. A service: the broker picks it up and lets go of it while it runs, and asks anew for each message, so that a
 * right that is taken away is gone at once.
 *
 * <p>The authorizers are asked in the order of their {@code service.ranking}, the highest first, until one does not abstain. Where each
 * abstains it is denied; where there is no authorizer at all everything is allowed. While one is missing whom the client's listener, or the bridge's file, names, or of
 * which there is a configuration, it is neither: the client waits for it.
 *
 * <p>Called on event loops, several at a time, for every message: it must answer from memory. One that throws has denied.
 */
@ConsumerType
public interface Authorizer {

    /** Whether the client may publish there; asked for its will as well, at CONNECT and when it is published. */
    Decision mayPublish(Client client, Topic topic, QoS qos, boolean retain);

    /** Whether the client may subscribe; of a shared subscription the filter behind the share name counts too. */
    Decision maySubscribe(Client client, TopicFilter filter, QoS maximumQos);

    /** Whether the client may be sent what was published there; asked when it is sent, also for what is retained or was queued. */
    Decision mayReceive(Client client, Topic topic);

    /** One answer. */
    enum Decision {
        ALLOW,
        DENY,
        /** This one knows nothing of it: the next one is asked. */
        ABSTAIN
    }
}
