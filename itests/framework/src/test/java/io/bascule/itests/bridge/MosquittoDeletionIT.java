/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Peer;

/** With Mosquitto as the remote broker. */
public class MosquittoDeletionIT extends DeletionContract {

    @Override
    Peer startPeer() {
        return MosquittoProcess.start();
    }
}
