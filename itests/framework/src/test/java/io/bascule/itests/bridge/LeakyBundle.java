/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import java.util.ArrayDeque;
import java.util.Deque;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle that takes everything there is to take, and forgets to give back what the system property {@value #FORGETS} names. */
public final class LeakyBundle implements BundleActivator {
    static final String FORGETS = "io.bascule.itests.forgets";

    private final Deque<AutoCloseable> taken = new ArrayDeque<>();

    @Override
    public void start(BundleContext context) throws Exception {
        Leak forgotten = Leak.valueOf(System.getProperty(FORGETS));
        for (Leak leak : Leak.values()) {
            AutoCloseable release = leak.take(context, leak == forgotten);
            if (leak != forgotten) {
                taken.push(release);
            }
        }
    }

    @Override
    public void stop(BundleContext context) throws Exception {
        while (!taken.isEmpty()) {
            taken.pop().close();
        }
    }
}
