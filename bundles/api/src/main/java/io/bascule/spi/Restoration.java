/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.Message;
import org.osgi.annotation.versioning.ProviderType;

/** Takes what a store has kept. */
@ProviderType
public interface Restoration {

    /** The retained message of its topic. */
    void retained(Message message);

    /** A session. */
    void session(StoredSession session);
}
