/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An MQTT session held in the same JVM: the client's side of the protocol as method calls. The packet identifiers and the acknowledgements
 * are those of MQTT, so that a session can stand in for a network client, and a bridge can pass both through unchanged.
 *
 * <p>Every method may be called from any thread; on {@link #executor()} it takes effect at once, elsewhere in order of the calls. After
 * {@link #close()}, {@link #end()} or {@link SessionListener#closed} the methods do nothing.
 *
 * <p>While an authorizer is missing who is to say what a session may do that has been opened as somebody, what it publishes, releases, subscribes to and
 * unsubscribes from is held, in order, and gone through when the authorizer is there. No more is held than 65,535 calls and 64 MiB, and no
 * QoS 0 message where there are 16 MiB: what comes then is answered with {@link ReasonCode#QUOTA_EXCEEDED} and not done; a QoS 0 message is
 * dropped. What it is to be sent waits as well.
 */
@ProviderType
public interface Session extends AutoCloseable {

    /**
     * The highest Packet Identifier of a delivery. Those above, up to 65,535, are free for what else whoever stands in for the client asks of
     * somebody under the same numbers, such as the SUBSCRIBE of a bridge. Nor are there more deliveries at a time, whatever the receive maximum.
     */
    int HIGHEST_PACKET_ID = 64_511;

    /** The client id it was opened with. */
    String clientId();

    /** Whether the broker had this session before: Session Present of CONNACK [MQTT-3.2.2-2]. */
    boolean present();

    /** Where the listener is called. */
    Executor executor();

    /** Subscribes; existing subscriptions to the same filters are replaced [MQTT-3.8.4-3]. One reason code each, in order. */
    CompletionStage<List<ReasonCode>> subscribe(List<Subscription> subscriptions);

    /** Unsubscribes. One reason code each, in order. */
    CompletionStage<List<ReasonCode>> unsubscribe(List<TopicFilter> filters);

    /**
     * Has this session alone be sent how a topic stands, behind all that waits for it: the message that is retained there now, or an empty one
     * with RETAIN where none is, by which whoever kept the last one deletes it [MQTT-3.3.1-6]. It comes as the subscription says, and as if it had
     * been published now: with its Subscription Identifier, and the empty one with QoS 1 where that is not more, or less, than it takes. For whoever keeps
     * what is retained here somewhere else, and knows that he has missed something.
     *
     * @param subscribed the filter of one of the session's subscriptions; nothing comes where it has none to it, where that is shared, or where it does
     *     not match the topic
     */
    void sendRetained(TopicFilter subscribed, Topic topic);

    /** What the session is subscribed to. */
    CompletionStage<List<Subscription>> subscriptions();

    /**
     * Publishes into the broker.
     *
     * @param packetId 0 for QoS 0; for QoS 1 and 2 the client's Packet Identifier, 1 to 65,535. A QoS 2 message whose identifier has been
     *     received and not released is acknowledged and not delivered again [MQTT-4.3.3-10]. Also 0 for a QoS 1 or 2 message that will not be
     *     published again: nothing is to be released then, and where a queue is full its publisher does not wait, but it is dropped. While
     *     the disk does not keep up, and 65,535 of those or 64 MiB are not acknowledged, a further one is not taken: {@link
     *     ReasonCode#QUOTA_EXCEEDED}.
     * @param acknowledged called with the reason code of PUBACK or PUBREC once the broker has taken responsibility, and no full queue
     *     ({@link QueueLimits.Overflow#BLOCK}) keeps its publisher waiting; for QoS 0 only with the reason why it was refused. With 65,535 that
     *     wait a further message is not taken: {@link ReasonCode#QUOTA_EXCEEDED}.
     */
    default void publish(int packetId, Message message, Consumer<ReasonCode> acknowledged) {
        publish(packetId, message, false, acknowledged);
    }

    /**
     * The same, for a message that may have been published before.
     *
     * @param dup whether the message was published under this identifier before, by an earlier hold on this session, and was not acknowledged:
     *     a QoS 1 message whose acknowledgement is withheld is then not delivered again
     */
    void publish(int packetId, Message message, boolean dup, Consumer<ReasonCode> acknowledged);

    /** Releases a QoS 2 message that was published: PUBREL. The callback gets the reason code of PUBCOMP. */
    void pubrel(int packetId, Consumer<ReasonCode> completed);

    /** Acknowledges a QoS 1 delivery; a failure drops it just as well [MQTT-4.4.0-2]. */
    void puback(int packetId, ReasonCode reason);

    /** Says that a QoS 2 delivery was received; {@link SessionListener#pubrel} follows unless the reason is a failure. */
    void pubrec(int packetId, ReasonCode reason);

    /** Completes a QoS 2 delivery after {@link SessionListener#pubrel}. */
    void pubcomp(int packetId);

    /**
     * Forgets which QoS 2 messages were received and not released: for a bridge whose remote broker has lost its session, and with it the
     * meaning of those identifiers.
     */
    void forgetReceived();

    /**
     * Says whether the listener keeps up. While it does not nothing more is delivered, QoS 0 neither; messages wait in the session, within
     * its limits.
     */
    void ready(boolean ready);

    /**
     * Those who are to say what the session may do and are not there, by their names. While there are any it waits for them; on any thread, and
     * so perhaps no longer true.
     */
    List<String> missingAuthorizers();

    /** How many messages wait, and how many are delivered and not acknowledged. */
    QueueInfo queue();

    /**
     * Detaches from the session, which stays for its Session Expiry Interval and collects QoS 1 and 2 messages meanwhile, and of QoS 0 what {@link
     * LocalOptions} say.
     *
     * <p>No call of the listener begins after this has taken effect on {@link #executor()}.
     */
    @Override
    void close();

    /** Detaches and ends the session: its subscriptions and its queue are gone. */
    void end();
}
