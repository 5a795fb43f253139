/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.http;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What any OSGi console draws a form from. */
@ObjectClassDefinition(name = "Bascule HTTP callout", description = "Another server that says who may connect.")
@interface HttpForm {
    @AttributeDefinition(description = "Where to ask: an https:// URL, or an http:// one of loopback.")
    String url();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description = "The value of the header Authorization, such as Bearer $[secret:callout].",
            required = false)
    String authorization();

    @AttributeDefinition(description = "How long an answer may take, up to 9s; less than the broker's connect.timeout.")
    String timeout() default "3s";

    @AttributeDefinition(
            description = "How many questions may be under way; more clients are told that the server is busy.",
            min = "1",
            max = "10000")
    int max_requests() default 64;

    @AttributeDefinition(
            description =
                    "How long the answer allow counts for the same client and password; 0s is not at all, 1h the most.")
    String cache_ttl() default "0s";

    @AttributeDefinition(description = "Whether passwords may be sent to another machine in clear text.")
    boolean allow_plain() default false;

    @AttributeDefinition(description = "Who is asked first: the highest.")
    int ranking() default 0;
}
