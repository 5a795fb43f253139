/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.typedevent;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What any OSGi console draws a form from. The values are read by {@link io.bascule.event.EventRoutes}. */
@ObjectClassDefinition(
        name = "Bascule Typed Event adapter",
        description =
                "MQTT topics as events of the Typed Event Service and back, one file io.bascule.typedevent-<name>.cfg"
                        + " each. Besides this key it takes routes: out.<name> = event topic filter [-> topic template] [qos=0|1|2]"
                        + " [retain=true|false] [payload=key], and in.<name> = topic filter [-> event topic template].")
@interface TypedEventConfig {
    @AttributeDefinition(
            description =
                    "Memory that messages on their way may take, in each direction, 1KiB to 1GiB. Beyond it events"
                            + " are dropped, and messages wait in the broker.")
    String queue_bytes() default "16MiB";
}
