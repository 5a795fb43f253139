/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Turns host names into addresses off the event loops: the JDK's look-up blocks for as long as the name server is silent. Addresses need no
 * look-up and no thread. At most {@value #THREADS} look-ups run at a time and {@value #WAITING} wait; their threads end when idle.
 */
final class Resolver implements AutoCloseable {
    /** More than there are bridges whose name server is silent, as a rule: the others' look-ups are not to wait behind theirs. */
    private static final int THREADS = 32;

    private static final int WAITING = 256;
    private static final long IDLE_SECONDS = 5;

    private final LookUp lookUp;
    private final BackgroundThreads threads = new BackgroundThreads("bascule-resolver", THREADS, WAITING, IDLE_SECONDS);

    /** What knows the addresses of a name. */
    @FunctionalInterface
    interface LookUp {
        /** All of them, one at least; blocks for as long as it takes. */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** One that asks this. */
    Resolver(LookUp lookUp) {
        this.lookUp = lookUp;
    }

    /** The first address of a host. Calls exactly one of the two, on any thread. */
    void resolve(String host, Consumer<InetAddress> resolved, Consumer<String> failed) {
        resolveAll(host, addresses -> resolved.accept(addresses.get(0)), failed);
    }

    /** All addresses of a host, one at least, in the order in which the system prefers them. Calls exactly one of the two, on any thread. */
    void resolveAll(String host, Consumer<List<InetAddress>> resolved, Consumer<String> failed) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address != null) {
            resolved.accept(List.of(toAddress(host, address)));
            return;
        }
        try {
            threads.execute(() -> lookUp(host, resolved, failed));
        } catch (RejectedExecutionException e) {
            failed.accept("too many look-ups are waiting");
        }
    }

    private void lookUp(String host, Consumer<List<InetAddress>> resolved, Consumer<String> failed) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(lookUp.addresses(host));
        } catch (UnknownHostException | RuntimeException e) {
            failed.accept("unknown host");
            return;
        }
        resolved.accept(addresses);
    }

    private static InetAddress toAddress(String host, byte[] address) {
        try {
            return InetAddress.getByAddress(host, address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(host, e); // only for addresses of another length than 4 or 16
        }
    }

    /** A look-up that hangs in the JDK cannot be interrupted; its thread is a daemon and ends with it. */
    @Override
    public void close() {
        threads.close();
    }
}
