/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.certificate;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What any OSGi console draws a form from. */
@ObjectClassDefinition(
        name = "Bascule client certificates",
        description = "Who clients are, by the certificates that they show in TLS.")
@interface CertificatesForm {
    @AttributeDefinition(
            description = "What of a certificate is the user name.",
            options = {
                @Option(label = "Common name", value = "cn"),
                @Option(label = "DNS name", value = "san-dns"),
                @Option(label = "E-mail address", value = "san-email"),
                @Option(label = "URI", value = "san-uri"),
                @Option(label = "Whole subject", value = "subject")
            })
    String user() default "cn";

    @AttributeDefinition(
            description = "What of a certificate are groups.",
            options = {@Option(label = "Nothing", value = "none"), @Option(label = "Organizational units", value = "ou")
            })
    String groups() default "none";

    @AttributeDefinition(description = "Who is asked first: the highest.")
    int ranking() default 0;
}
