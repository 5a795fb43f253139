/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import io.bascule.itests.peers.HiveMqProcess;
import io.bascule.itests.peers.Peer;

/** With HiveMQ CE as the remote broker. */
public class HiveMqReconfigurationIT extends ReconfigurationContract {

    @Override
    Peer startPeer() {
        return HiveMqProcess.start();
    }
}
