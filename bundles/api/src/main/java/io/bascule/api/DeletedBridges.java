/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The bridges whose configuration was deleted and whose grace has not passed, as an OSGi service. Who configures one of them again before
 * that finds both of its sessions as they were left. Every method may be called from any thread and none blocks.
 */
@ProviderType
public interface DeletedBridges {

    /** All of them, by name. A snapshot. */
    List<DeletedBridge> list();

    /**
     * Ends the sessions of one of them now. The one at the remote broker follows as soon as that can be reached, or is given up with a line
     * in the log.
     *
     * @return whether there was one of this name; a bridge that is configured again has nothing to end, unless it has gone on to another
     *     remote session
     */
    CompletionStage<Boolean> purge(String name);
}
