/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import io.bascule.itests.peers.HiveMqProcess;
import io.bascule.itests.peers.Peer;

/** A bridge to HiveMQ CE. */
public class HiveMqBridgeIT extends BridgeContract {

    @Override
    Peer startPeer() {
        return HiveMqProcess.start();
    }
}
