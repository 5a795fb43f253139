/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AcceptFailuresTest {
    private final EmbeddedChannel channel = new EmbeddedChannel(new AcceptFailures("main"));

    @Test
    void pauseForASecondAndGoNoFurther() {
        channel.freezeTime();

        channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));
        channel.pipeline().fireExceptionCaught(new IOException("Too many open files"));

        channel.checkException();
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.advanceTimeBy(999, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
    }
}
