/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.Closeable;
import java.io.IOException;

/** Closes what has nothing more to say: all that counts was forced before. */
final class Quietly {
    private Quietly() {}

    static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            return; // the descriptor is gone all the same
        }
    }
}
