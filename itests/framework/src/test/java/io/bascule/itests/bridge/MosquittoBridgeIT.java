/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import io.bascule.itests.peers.MosquittoProcess;
import io.bascule.itests.peers.Peer;

/** A bridge to Mosquitto. */
public class MosquittoBridgeIT extends BridgeContract {

    @Override
    Peer startPeer() {
        return MosquittoProcess.start();
    }
}
