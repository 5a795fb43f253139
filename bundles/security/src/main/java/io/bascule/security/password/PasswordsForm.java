/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What any OSGi console draws a form from. */
@ObjectClassDefinition(name = "Bascule password file", description = "Who may connect, by user name and password.")
@interface PasswordsForm {
    @AttributeDefinition(
            description =
                    "Lines user:hash, as mosquitto_passwd or mqtt:user-add writes them; one that is not absolute is in the folder of the cfg files.")
    String file();

    @AttributeDefinition(description = "Who is asked first: the highest.")
    int ranking() default 0;
}
