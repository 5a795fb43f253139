/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import io.bascule.security.file.BadFileException;
import io.bascule.spi.Authorizer;
import java.util.Optional;

/** An authorizer by the text of an ACL file. In this package because in a framework only a configuration makes one, from a file. */
public final class AclText {
    private AclText() {}

    public static Authorizer authorizer(String text) {
        try {
            Optional<AclFile> file = Optional.of(AclFile.FORMAT.parse(text));
            return new AclAuthorizer("text", () -> file);
        } catch (BadFileException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
