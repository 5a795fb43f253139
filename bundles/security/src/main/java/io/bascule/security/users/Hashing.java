/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.users;

import java.util.List;

/** What one kind of file makes of names and passwords. Errors are {@link IllegalArgumentException}s with a sentence. */
public interface Hashing {

    /** The user name as it counts. */
    String userName(String written);

    /** What is kept of a new password. */
    String hash(byte[] password);

    /** Adds to the lines of a file what else belongs into it; called whenever it is edited. */
    default void complete(List<String> lines) {}
}
