/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What any OSGi console draws a form from. */
@ObjectClassDefinition(name = "Bascule ACL file", description = "What clients may publish, receive and subscribe to.")
@interface AclForm {
    @AttributeDefinition(
            description =
                    "Lines allow or deny, or an acl_file of Mosquitto's; one that is not absolute is in the folder of the cfg files.")
    String file();

    @AttributeDefinition(description = "Who is asked first: the highest.")
    int ranking() default 0;
}
