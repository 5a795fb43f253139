/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.benchmarks.codec;

import io.netty.buffer.PooledByteBufAllocator;

/** Allocators like the transport's, which keep for the thread that measures what they keep there for event loops. */
final class Allocators {
    private Allocators() {}

    static PooledByteBufAllocator pooled() {
        return new PooledByteBufAllocator(
                true,
                0,
                1,
                PooledByteBufAllocator.defaultPageSize(),
                PooledByteBufAllocator.defaultMaxOrder(),
                PooledByteBufAllocator.defaultSmallCacheSize(),
                PooledByteBufAllocator.defaultNormalCacheSize(),
                true);
    }
}
