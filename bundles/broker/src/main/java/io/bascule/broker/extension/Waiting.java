/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.extension;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Those of one broker who cannot go on while somebody is missing who is to decide what they may do. Safe for use by several threads. */
public final class Waiting implements AutoCloseable {
    private final Extensions extensions;
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    private final Runnable wake = this::wake;

    /** Nobody yet. */
    public Waiting(Extensions extensions) {
        this.extensions = extensions;
        extensions.addListener(wake);
    }

    /**
     * Calls this once, on any thread, also within this call, when an authorizer has come or gone: for the principal it may be decided again,
     * or not yet. It must wait for nothing.
     */
    public void await(Principal principal, Runnable goOn) {
        waiting.add(goOn);
        if (extensions.missingAuthorizers(principal).isEmpty() && waiting.remove(goOn)) {
            goOn.run(); // it has come since it was found missing
        }
    }

    /** Does not call it any more. */
    public void forget(Runnable goOn) {
        waiting.remove(goOn);
    }

    private void wake() {
        for (Runnable each : waiting) {
            if (waiting.remove(each)) {
                each.run();
            }
        }
    }

    @Override
    public void close() {
        extensions.removeListener(wake);
        waiting.clear();
    }
}
