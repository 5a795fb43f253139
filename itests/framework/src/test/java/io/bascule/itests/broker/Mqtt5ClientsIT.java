/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import io.bascule.itests.client.Version;

/** With MQTT 5.0. */
public class Mqtt5ClientsIT extends ClientsContract {
    public Mqtt5ClientsIT() {
        super(Version.MQTT_5);
    }
}
