/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One bridge, as an OSGi service: there while its configuration is, whether it is connected or not.
 *
 * <p>Every method may be called from any thread and none blocks. What is asked of it is done in the order of the calls, on an event loop, where
 * the stages complete as well: what depends on them must not block. A stage fails with an {@link IllegalStateException} whose message is a
 * sentence for people when the bridge is in no state for it: one that is disabled by its configuration, has no valid one, or is closed, because
 * its configuration was edited or deleted. Nothing of this is remembered: an edit, an update and a restart open a bridge that runs. Only with
 * {@code start.type = manual} it is: an edit leaves such a bridge started, or stopped, as it was; an update and a restart open one that waits to be
 * started.
 */
@ProviderType
public interface Bridge {

    /** Which way a route leads. */
    enum Direction {
        /** From the local broker to the remote one. */
        FORWARD,
        /** From the remote broker to the local one. */
        SUBSCRIBE;

        /** The word that a route's key begins with. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it stands now. */
    BridgeStatus status();

    /**
     * What it may be subscribed to at the remote broker, as far as is known here; what is on its way there, or refused, counts. A snapshot.
     */
    List<TopicFilter> subscribedThere();

    /**
     * Leaves the remote broker in order. Both sessions stay: what the forward routes take waits in the local one, within its limits, and what
     * the remote broker has for the bridge waits there. With {@code clean.start} nothing is kept, as ever. A drain that is under way is given up.
     *
     * @return completes when the remote broker has been left, half a second later at most where a connection was being made; at once where the
     *     bridge does not run
     */
    CompletionStage<Void> stop();

    /**
     * Goes on after {@link #stop} or {@link #drain}, and begins where the configuration leaves that to somebody. A lazy bridge connects, also where
     * it is idle, and is idle again when there is nothing more to do.
     *
     * @return completes when the bridge has begun to connect; at once where it runs already. Fails where it is disabled or has no valid
     *     configuration
     */
    CompletionStage<Void> start();

    /**
     * Lets nothing cross in one direction, while the connection stays. To pause twice is to pause once; a pause outlives lost connections,
     * {@link #reconnect}, {@link #stop} and {@link #start}.
     *
     * <p>Paused {@link Direction#FORWARD} messages wait in the local session, within its limits. Paused {@link Direction#SUBSCRIBE} QoS 1 and 2
     * messages are not acknowledged, so that the remote broker keeps them and sends no more than {@code receive.maximum}; QoS 0 ones are
     * dropped, and counted as {@code paused}.
     *
     * @return completes when it is paused
     */
    CompletionStage<Void> pause(Direction direction);

    /**
     * Ends {@link #pause}. Where the remote broker has sent more meanwhile than the bridge holds, it connects again to have it once more.
     *
     * @return completes when messages cross again, or will as soon as the bridge is connected; also where nothing was paused
     */
    CompletionStage<Void> resume(Direction direction);

    /**
     * Leaves the remote broker in order and connects again at once, also where the next attempt was to come later; one that is being made is
     * left to come about. The time between attempts grows from its shortest again.
     *
     * @return completes when the next attempt has begun. Fails where the bridge is stopped
     */
    CompletionStage<Void> reconnect();

    /**
     * Empties the local session and stops: takes no new messages, forwards what waits until nothing is queued or in flight, however long that
     * takes and through as many connections, and then is as after {@link #stop}, but that it does not collect. What is published meanwhile, and
     * until {@link #start}, is not for this bridge; nothing that was queued is lost.
     *
     * @return completes when the bridge is stopped, with how many messages were forwarded since the call. Fails where the bridge is stopped, or
     *     {@link Direction#FORWARD} is paused, and when the bridge is stopped or closed before it is empty
     */
    CompletionStage<Long> drain();

    /**
     * Shows every packet that is exchanged with the remote broker, over as many connections as come, until the trace or the bridge is closed.
     * It costs nothing while nobody traces.
     *
     * @param consumer called with one packet after the other, in order, on the bridge's event loop, which must not block: whoever needs time
     *     keeps packets in a buffer, and bounds it. One that throws is shown no more
     * @throws IllegalStateException when the bridge is closed or has no valid configuration
     */
    PacketTrace trace(Consumer<BridgePacket> consumer);
}
