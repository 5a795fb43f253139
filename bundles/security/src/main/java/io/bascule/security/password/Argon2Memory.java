/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.security.password;

import java.lang.ref.SoftReference;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;

/**
 * What Argon2id works in: 19 MiB for a password, in blocks of 1 KiB. With new ones each time, logins would fill a young generation some times
 * a second, and each collection would have all of them to copy, with every event loop waiting. They are kept from one login to the next, and left to the
 * collector when memory is short or nobody has logged in for a while. Safe for use by several threads.
 */
final class Argon2Memory {
    private final int mostBlocks;
    private SoftReference<BlockPool> blocks = new SoftReference<>(null);

    /** @param mostBlocks that are kept, KiB; whatever is used beyond that is new each time */
    Argon2Memory(int mostBlocks) {
        this.mostBlocks = mostBlocks;
    }

    /** Blocks that are cleared before and after each use. */
    synchronized BlockPool blocks() {
        BlockPool kept = blocks.get();
        if (kept == null) {
            kept = new FixedBlockPool(mostBlocks);
            blocks = new SoftReference<>(kept);
        }
        return kept;
    }
}
