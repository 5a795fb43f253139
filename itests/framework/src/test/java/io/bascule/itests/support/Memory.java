/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.support;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** What this process holds at one moment, in bytes. */
public final class Memory {
    private static final int COLLECTIONS = 3;

    private Memory() {}

    /** On the heap, after garbage collections. */
    public static long liveHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Beside it: what the JDK's buffers hold, and what Netty has of the system by itself. Its pools take more at a time than they hand out. */
    public static long direct(BundleContext context) {
        long pooled = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return pooled + Math.max(0, ofNetty(context)); // negative where the JDK counts all of it
    }

    private static long ofNetty(BundleContext context) {
        Bundle common = Stream.of(context.getBundles())
                .filter(bundle -> "io.netty.common".equals(bundle.getSymbolicName()))
                .findAny()
                .orElseThrow();
        try {
            Class<?> platform = common.loadClass("io.netty.util.internal.PlatformDependent");
            return (long) platform.getMethod("usedDirectMemory").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
