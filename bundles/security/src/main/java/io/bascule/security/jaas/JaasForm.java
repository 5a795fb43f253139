/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jaas;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What any OSGi console draws a form from. */
@ObjectClassDefinition(
        name = "Bascule JAAS realm",
        description = "Who may connect, by user name and password: the users of a JAAS realm, such as Karaf's.")
@interface JaasForm {
    @AttributeDefinition(description = "The name of the realm.")
    String realm() default "karaf";

    @AttributeDefinition(
            description = "Only users with this role may connect; all of the realm where there is none.",
            required = false)
    String role();

    @AttributeDefinition(
            description =
                    "The classes of the principals that are groups of a user, separated by commas; those called RolePrincipal or GroupPrincipal where there are none.",
            required = false)
    String groups_principals();

    @AttributeDefinition(description = "How long a login may take, 100ms to 1m.")
    String timeout() default "5s";

    @AttributeDefinition(description = "Who is asked first: the highest.")
    int ranking() default 0;
}
