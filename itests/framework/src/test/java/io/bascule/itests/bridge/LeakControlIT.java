/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.bridge;

import static io.bascule.itests.support.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.bascule.itests.support.OldRevisions;
import io.bascule.itests.support.Residue;
import io.bascule.itests.support.TestBundle;
import java.util.List;
import org.junit.After;
import org.junit.Test;
import org.osgi.framework.Bundle;

/** The detectors of {@link ResidueIT} find each kind of leak, and nothing where nothing is forgotten. */
public class LeakControlIT extends ResidueContract {
    private static final int REFRESHES = 3;
    private static final String CLASS_LOADERS = "class loaders: " + REFRESHES + " of earlier wirings alive";
    private static final String IMPORTS = String.join(
            ",",
            "org.osgi.framework",
            "javax.management",
            "io.bascule.api;version=\"[1.0,2)\"",
            "io.bascule.mqtt;version=\"[1.0,2)\"",
            "io.bascule.resource;version=\"[1.0,2)\"",
            "io.bascule.transport;version=\"[1.0,2)\"",
            "io.netty.buffer",
            "io.netty.channel",
            "io.netty.channel.nio",
            "io.netty.util",
            "io.netty.util.concurrent");
    private static final List<Class<?>> CLASSES = List.of(LeakyBundle.class, Leak.class);

    @Test(timeout = 60_000)
    public void findsNothingWhereNothingIsForgotten() throws Exception {
        finds(Leak.NOTHING);
    }

    @Test(timeout = 60_000)
    public void findsABufferThatIsNotReleased() throws Exception {
        finds(Leak.BUFFER, "active buffers");
    }

    @Test(timeout = 60_000)
    public void findsATaskOfAnEventLoopThatIsNotCancelled() throws Exception {
        finds(Leak.TASK, "scheduled tasks", CLASS_LOADERS);
    }

    @Test(timeout = 60_000)
    public void findsATimerThatIsNotCancelled() throws Exception {
        finds(Leak.TIMER, "threads \"leaky-#\"", CLASS_LOADERS);
    }

    @Test(timeout = 60_000)
    public void findsAThreadLocalOfASharedThread() throws Exception {
        finds(Leak.THREAD_LOCAL, CLASS_LOADERS);
    }

    @Test(timeout = 60_000)
    public void findsAShutdownHook() throws Exception {
        finds(Leak.SHUTDOWN_HOOK, CLASS_LOADERS);
    }

    @Test(timeout = 60_000)
    public void findsAListenerThatTheBrokerKeeps() throws Exception {
        finds(Leak.LISTENER, "sessions", "subscriptions", "tree nodes", CLASS_LOADERS);
    }

    @Test(timeout = 60_000)
    public void findsAServiceThatIsNotUnregistered() throws Exception {
        finds(Leak.SERVICE, "services", CLASS_LOADERS);
    }

    @Test(timeout = 60_000)
    public void findsAnMBeanThatIsNotUnregistered() throws Exception {
        finds(Leak.MBEAN, "MBeans", CLASS_LOADERS);
    }

    /** The first of them alone is kept, so that it is one class loader of all. */
    @Test(timeout = 60_000)
    public void findsAThrowableThatIsKept() throws Exception {
        finds(Leak.THROWABLE, "class loaders: 1 of earlier wirings alive");
    }

    @Test(timeout = 60_000)
    public void findsAnEventLoopGroupThatIsNotShutDown() throws Exception {
        finds(Leak.EVENT_LOOP_GROUP, "threads \"leaky-loop-#-#\"", "file descriptors");
    }

    @Test(timeout = 60_000)
    public void findsASocketThatIsNotClosed() throws Exception {
        finds(Leak.SOCKET, "file descriptors");
    }

    @Test(timeout = 60_000)
    public void findsAHandlerWhoseClassAnEventLoopRemembers() throws Exception {
        finds(Leak.HANDLER, CLASS_LOADERS);
    }

    /** Judges what the detectors say of a bundle that forgets this whenever it is stopped: sentences that begin like these. */
    private void finds(Leak forgotten, String... beginnings) throws Exception {
        Bundle leaky = context.installBundle("leaky", TestBundle.of("leaky", IMPORTS, CLASSES));
        try {
            // Once for all that is made on the first use and kept.
            System.setProperty(LeakyBundle.FORGETS, Leak.NOTHING.name());
            leaky.start();
            leaky.stop();
            Residue before = Residue.atRest(context, broker, transport);

            System.setProperty(LeakyBundle.FORGETS, forgotten.name());
            leaky.start();
            OldRevisions revisions = new OldRevisions(context, leaky);
            for (int i = 0; i < REFRESHES; i++) {
                revisions.refresh();
            }
            leaky.stop();

            eventually(() -> {
                List<String> residue = residue(before, revisions);
                if (forgotten == Leak.NOTHING) {
                    assertThat(residue).isEmpty();
                }
                for (String beginning : beginnings) {
                    assertThat(residue).anyMatch(sentence -> sentence.startsWith(beginning));
                }
            });
        } finally {
            leaky.uninstall();
        }
    }

    /** Nothing is left for the next test. */
    @After
    public void forgetNothing() {
        System.clearProperty(LeakyBundle.FORGETS);
        System.getProperties().remove(Leak.CACHE);
    }
}
