/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;

/** Is told how the disk under a log does, on the committer thread, and must not block it. */
public interface LogListener {

    /** The disk refuses: nothing becomes safe until {@link #recovered}. The log goes on trying by itself. */
    void failed(IOException reason);

    /** What waited is safe, or the first of it. */
    void recovered();
}
