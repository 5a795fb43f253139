/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.scram;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What any OSGi console draws a form from. */
@ObjectClassDefinition(
        name = "Bascule SCRAM file",
        description =
                "Who may connect by SCRAM-SHA-256, which sends no password: MQTT 5.0 clients with enhanced authentication.")
@interface ScramForm {
    @AttributeDefinition(
            description =
                    "Lines user:hash, as mqtt:user-add writes them, or PostgreSQL; one that is not absolute is in the folder of the cfg files.")
    String file();

    @AttributeDefinition(
            description =
                    "How much work it is to try a password of a new or changed user; the client does it at each login.",
            min = "4096",
            max = "1000000")
    int iterations() default 4096;

    @AttributeDefinition(description = "Who is asked first: the highest.")
    int ranking() default 0;
}
