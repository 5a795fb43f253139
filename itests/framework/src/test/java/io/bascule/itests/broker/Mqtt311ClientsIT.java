/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.broker;

import io.bascule.itests.client.Version;

/** With MQTT 3.1.1. */
public class Mqtt311ClientsIT extends ClientsContract {
    public Mqtt311ClientsIT() {
        super(Version.MQTT_3_1_1);
    }
}
