/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.spi;

import io.bascule.mqtt.Message;
import org.osgi.annotation.versioning.ConsumerType;

/** A message in the store, which may have to be read back. */
@ConsumerType
public interface StoredMessage {

    /** The message. */
    Message message();
}
