/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * How sockets are waited for: epoll where its bundle and its native library load, NIO elsewhere.
 *
 * @param name {@code epoll} or {@code nio}
 */
record NativeTransport(
        String name,
        IoHandlerFactory ioHandler,
        Class<? extends ServerChannel> server,
        Class<? extends Channel> client) {

    static NativeTransport best() {
        try {
            return Epoll.isAvailable() ? OnEpoll.create() : nio();
        } catch (LinkageError e) {
            return nio(); // the bundle is not there: its import is optional
        }
    }

    static NativeTransport nio() {
        return new NativeTransport(
                "nio", NioIoHandler.newFactory(), NioServerSocketChannel.class, NioSocketChannel.class);
    }

    /** Apart, so that nothing of epoll is linked before it is known to be there. */
    private static final class OnEpoll {
        static NativeTransport create() {
            return new NativeTransport(
                    "epoll",
                    EstablishedFirst.over(EpollIoHandler.newFactory()),
                    EpollServerSocketChannel.class,
                    EpollSocketChannel.class);
        }
    }
}
