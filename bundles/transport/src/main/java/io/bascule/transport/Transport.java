/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport;

import io.bascule.resource.Lease;
import io.bascule.resource.ResourceScope;
import java.util.List;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/** The event loops and the way out to other brokers, as an OSGi service. Listeners are factory configurations of this bundle. */
@ProviderType
public interface Transport {

    /** All event loops; their number does not change. */
    List<EventLoop> eventLoops();

    /** The next event loop in turn, for something that needs one and has no reason to prefer another. */
    EventLoop nextEventLoop();

    /**
     * Connects to another broker. The handler hears {@link ConnectionHandler#opened} and then, once, {@link ConnectionHandler#closed}, or
     * only {@link ConnectionHandler#closed} where no connection came about. Name resolution does not block the event loop.
     *
     * <p>The scope holds the connection, and the attempt at it, until it is closed; closing the scope closes it.
     *
     * @return gives up the attempt, or closes the connection, when it is closed; callable from any thread
     */
    Lease connect(Remote remote, EventLoop eventLoop, ResourceScope scope, ConnectionHandler handler);

    /**
     * Reads the files that TLS towards other brokers needs, in the background, and looks for changes every two seconds until the scope is
     * closed. Files that will not do change nothing: see {@link RemoteTls#problem}. A connection waits for the first look.
     *
     * @param owner whose connections they are for, for the log, such as {@code bridge cloud}
     * @param eventLoop that of his connections
     * @param changed called on the event loop when the files have changed and are good: the next handshake uses them
     */
    RemoteTls tls(TlsOptions options, String owner, EventLoop eventLoop, ResourceScope scope, Runnable changed);

    /** Where small files may be read and written, one after the other, since event loops do not wait for a disk. */
    Executor files();

    /** Figures of the whole transport at one moment. */
    TransportInfo info();
}
