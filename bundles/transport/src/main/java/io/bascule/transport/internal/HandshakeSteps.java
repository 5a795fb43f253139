/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.util.concurrent.Executor;

/**
 * The long steps of the handshake of one connection: done elsewhere, so that they hold up nobody else on its event loop, and never again once
 * the handshake is over. TLS 1.2 lets a client renegotiate as often as it likes, at our cost (CVE-2011-1473); no MQTT client does.
 *
 * <p>Called on the event loop alone.
 */
final class HandshakeSteps implements Executor {
    private static final AttributeKey<Boolean> UNDER_WAY = AttributeKey.valueOf("io.bascule.transport.handshake");

    private final Channel channel;
    private final Executor elsewhere;
    private boolean over;

    HandshakeSteps(Channel channel, Executor elsewhere) {
        this.channel = channel;
        this.elsewhere = elsewhere;
        channel.attr(UNDER_WAY).set(true);
    }

    @Override
    public void execute(Runnable step) {
        if (over) {
            channel.pipeline().firstContext().close(); // past TLS, which waits for this step before it says good-bye
        } else {
            elsewhere.execute(() -> {
                if (channel.isActive()) { // nobody waits any more for what a storm has left behind
                    step.run();
                }
            });
        }
    }

    void over() {
        over = true;
        channel.attr(UNDER_WAY).set(null);
    }

    /** Whether the handshake of a connection goes on; of one without TLS it never does. */
    static boolean underWay(Channel channel) {
        return channel.hasAttr(UNDER_WAY) && channel.attr(UNDER_WAY).get() != null;
    }
}
