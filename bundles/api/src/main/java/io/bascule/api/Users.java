/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The users of one password file, or SCRAM file, an OSGi service while its configuration is there. Every method may be called from any thread. Whoever
 * is connected stays so when he is removed or gets another password: {@link Broker#disconnect} sends him away.
 *
 * <p>What changes the file puts a whole new one in its place, at once and with everything else that stands in it, and has it in force
 * when its stage completes. The stage fails with an {@link IllegalArgumentException} that says why this cannot be, or with an
 * {@link java.io.IOException} when the disk refuses, or the file has something in it that nobody understands; the file is then as it was.
 */
@ProviderType
public interface Users {

    /** The name of the password file's configuration. */
    String name();

    /** Who may connect by it now, in the order of the file. */
    List<String> userNames();

    /** Adds a user; one that is there already is an error. Where there is no file yet, it is made, for its owner alone. */
    CompletionStage<Void> add(String userName, byte[] password);

    /** Gives a user another password. */
    CompletionStage<Void> changePassword(String userName, byte[] password);

    /** Removes a user. */
    CompletionStage<Void> remove(String userName);
}
