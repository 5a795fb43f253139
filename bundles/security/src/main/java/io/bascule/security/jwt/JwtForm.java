/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.jwt;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What any OSGi console draws a form from. */
@ObjectClassDefinition(
        name = "Bascule JSON Web Tokens",
        description = "Who may connect, by a signed token as the password.")
@interface JwtForm {
    @AttributeDefinition(
            description =
                    "Public keys, as PEM or a JWK Set; a file that is not absolute is in the folder of the cfg files. This or secret.",
            required = false)
    String keys();

    @AttributeDefinition(
            type = AttributeType.PASSWORD,
            description =
                    "What signs tokens by HMAC, as long as the hash or longer, such as $[secret:tokens]. This or keys.",
            required = false)
    String secret();

    @AttributeDefinition(
            description =
                    "By which tokens may be signed, separated by commas: HS256, HS384, HS512 with a secret, else RS, PS or ES with these numbers. Without it HS256, or RS256 and ES256.",
            required = false)
    String algorithms();

    @AttributeDefinition(description = "Whom tokens must name as issuer (iss).", required = false)
    String issuer();

    @AttributeDefinition(description = "Whom tokens must name as audience (aud).", required = false)
    String audience();

    @AttributeDefinition(description = "By how much clocks may differ, 5m at most.")
    String leeway() default "30s";

    @AttributeDefinition(description = "The claim whose value is the user name.")
    String user_claim() default "sub";

    @AttributeDefinition(description = "The claim whose values are groups.", required = false)
    String groups_claim();

    @AttributeDefinition(description = "Whether CONNECT must have the same user name.")
    boolean user_match() default false;

    @AttributeDefinition(description = "The claim whose value must be the client id.", required = false)
    String client_claim();

    @AttributeDefinition(description = "Who is asked first: the highest.")
    int ranking() default 0;
}
