/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.bascule.log.Addresses;
import io.bascule.log.SparingLog;
import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/**
 * Where the connections of one listener come in that a proxy has taken for it: each begins with a header of the PROXY protocol, version 1 or 2,
 * which says whose it is. Whoever may connect could say so of anybody, hence only the proxies may.
 */
final class ProxyEntrance {
    /** What a version 2 header may have behind its addresses, in bytes: AWS sends some 80, a TLS certificate's names take some hundred. */
    private static final int LARGEST_EXTRAS = 2048;
    /** Connections whose header has not come yet; a proxy sends it at once. */
    private static final int MOST_WAITING = 4096;

    private final SparingLog log;
    private final ProxyAddresses proxies;
    private final AtomicInteger waiting = new AtomicInteger();

    ProxyEntrance(String listener, ProxyAddresses proxies) {
        this.log = new SparingLog(LoggerFactory.getLogger(ProxyEntrance.class), "listener " + listener);
        this.proxies = proxies;
    }

    /**
     * Lets a connection in when its header has come, or closes it. Called on its event loop, before anything is read from it.
     *
     * @param from where it comes from; what has no IP address has come through a Unix domain socket, whose mode says who may
     * @param passed is told who is at the other end, and adds the connection's handlers behind what is in the pipeline
     */
    void enter(Channel channel, SocketAddress from, Consumer<SocketAddress> passed) {
        if (from instanceof InetSocketAddress address && !proxies.contain(address)) {
            log.info(Addresses.text(from) + " is closed: it is none of proxy.addresses");
            channel.close();
        } else if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            log.info(Addresses.text(from) + " is closed: too many wait for their PROXY header");
            channel.close();
        } else {
            channel.pipeline()
                    .addLast(
                            new HAProxyMessageDecoder(LARGEST_EXTRAS),
                            new ProxyHeader(log, from, passed, waiting::decrementAndGet));
        }
    }
}
