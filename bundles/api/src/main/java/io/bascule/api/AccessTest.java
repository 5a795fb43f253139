/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.Client;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Tells what an ACL file says, and by which line: an OSGi service while its configuration is there. Nothing is done by asking. Every method
 * may be called from any thread, and waits for nothing.
 */
@ProviderType
public interface AccessTest {

    /** The name of the ACL file's configuration. */
    String name();

    /** Whether the client may publish there. */
    Answer publish(Client client, Topic topic);

    /** Whether the client may be sent what was published there. */
    Answer receive(Client client, Topic topic);

    /** Whether the client may subscribe; what it is sent then is another question. */
    Answer subscribe(Client client, TopicFilter filter);

    /**
     * What a file says.
     *
     * @param allowed whether this file allows it
     * @param rule the line that decides, with its number; empty where none does, so that another authorizer may, and it is denied otherwise
     */
    record Answer(boolean allowed, Optional<String> rule) {}
}
