/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.users;

import java.util.List;

/** What a file of users says. Immutable. */
public interface UserFile {

    /** The users in the order of the file. */
    List<String> userNames();
}
