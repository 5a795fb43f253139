/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What TLS towards another broker is to be like.
 *
 * @param authorities PEM, of those who may have issued its certificate; empty for those whom the Java runtime trusts
 * @param identity what this end shows where it is asked who it is; empty for nothing
 * @param versions by their names in JSSE, such as {@code TLSv1.3}
 * @param applicationProtocols offered by ALPN (RFC 7301), the one that is wanted most first; empty for none
 * @param serverName the host that is asked for (SNI, RFC 6066) and that the certificate has to name; empty for the host that is connected to
 * @param verifiesHostName whether the certificate has to name the host (RFC 6125); without, whoever has any certificate of these authorities
 *     passes for the other broker
 */
public record TlsOptions(
        Optional<Path> authorities,
        Optional<IdentityFiles> identity,
        List<String> versions,
        List<String> applicationProtocols,
        Optional<String> serverName,
        boolean verifiesHostName) {
    public TlsOptions {
        versions = List.copyOf(versions);
        applicationProtocols = List.copyOf(applicationProtocols);
    }
}
