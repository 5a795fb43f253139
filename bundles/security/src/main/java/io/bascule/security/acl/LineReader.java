/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.acl;

import java.util.List;

/** Reads an ACL file, a line after the other. */
interface LineReader {

    /**
     * Reads a line that is neither empty nor a comment.
     *
     * @throws IllegalArgumentException when it is wrong; the message is half a sentence
     */
    void read(int number, String line);

    /** What was read, in the order in which it decides. */
    List<Rule> rules();
}
