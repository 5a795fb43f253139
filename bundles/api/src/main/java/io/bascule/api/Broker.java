/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ProviderType;

/** The broker, as an OSGi service: there while it runs. Every method may be called from any thread and none blocks. */
@ProviderType
public interface Broker {

    /**
     * The User Property of MQTT 5.0 by which two brokers that a bridge links tell each other their {@link #id()}: in the bridge's CONNECT,
     * and then in the CONNACK.
     */
    String ID_PROPERTY = "bascule-broker";

    /** Names this broker among all that bridges link: 16 random letters, digits, {@code -} or {@code _}, others with every start. */
    String id();

    /**
     * Opens a session like a CONNECT does, without a socket. A session of the same client id that is connected, here or over the network,
     * is taken over: its connection ends [MQTT-3.1.4-3].
     *
     * @return completes on the session's executor once the session is attached, after {@link SessionListener#opened} and before any
     *     message; exceptionally where there are too many sessions
     */
    CompletionStage<Session> open(SessionOptions options, SessionListener listener);

    /**
     * Publishes a message on behalf of the host. A QoS 1 or 2 message is reported when every matching session has it (on disk, where the
     * store is durable), and no full queue ({@link QueueLimits.Overflow#BLOCK}) keeps its publisher waiting. While 1,024 messages of the
     * host wait so, a further one that would have to is not taken, nor is any while the disk does not keep up.
     *
     * @return {@link ReasonCode#SUCCESS}, {@link ReasonCode#NO_MATCHING_SUBSCRIBERS}, or why it was refused, such as
     *     {@link ReasonCode#QUOTA_EXCEEDED}
     */
    CompletionStage<ReasonCode> publish(Message message);

    /**
     * Closes a client's connection; its session stays for its Session Expiry Interval, and its will is published.
     *
     * @param reason what a 5.0 client is told, such as {@link ReasonCode#ADMINISTRATIVE_ACTION}
     * @return whether it was connected
     */
    CompletionStage<Boolean> disconnect(String clientId, ReasonCode reason);

    /**
     * Ends a session, whoever holds it: its connection is closed, its subscriptions and its queue are gone.
     *
     * @return whether there was one
     */
    CompletionStage<Boolean> endSession(String clientId);

    /**
     * What waits in a session, the first to be sent first; not what is in flight. Nothing where there is no such session. The answer is
     * made on the session's event loop.
     *
     * @param from the lowest {@link QueuedMessage#number()} that is wanted, 0 for the first: with the number behind the last one of an answer
     *     the next ask goes on there, whatever was sent meanwhile
     * @param atMost how many, 1 to 10,000
     * @throws IllegalArgumentException where {@code atMost} is out of its bounds
     */
    CompletionStage<List<QueuedMessage>> queued(String clientId, long from, int atMost);

    /**
     * Drops what waits in a session at this moment, but not what is in flight; counted as dropped by the reason {@code purged}. The session
     * and its subscriptions stay.
     *
     * @return how many messages there were, 0 where there is no such session
     */
    CompletionStage<Integer> purge(String clientId);

    /** The sessions, connected or not, by client id. A snapshot: it may be old by the time it is read. */
    List<SessionInfo> sessions();

    /** The session of a client id, connected or not. A snapshot. */
    Optional<SessionInfo> session(String clientId);

    /** Every subscription of every session, by filter and client id. A snapshot. */
    List<SubscriptionInfo> subscriptions();

    /**
     * Looks from now on at what is subscribed to within a range of topics. Those who subscribe elsewhere pay one comparison of two filters for it,
     * and where nobody looks nothing at all.
     *
     * @param range a filter that is not shared; what overlaps it counts
     * @param exceptClientId the session of this client id does not count
     * @param executor where {@code changed} is called, such as an event loop of the transport
     * @param changed called when the set of {@link Interest#filters} has become another one than it was at the last call of that, and then not
     *     again before the next call
     * @throws IllegalArgumentException where the range is shared
     */
    Interest interest(TopicFilter range, String exceptClientId, Executor executor, Runnable changed);

    /** Who would receive a message at this topic, by client id. A snapshot. */
    List<Receiver> receivers(Topic topic);

    /**
     * The retained messages at the topics that match, by topic. A snapshot.
     *
     * @param atMost how many, 0 or more
     */
    List<Message> retained(TopicFilter filter, int atMost);

    /** The retained message of a topic; empty where there is none. It costs one look-up. */
    Optional<Message> retained(Topic topic);

    /**
     * Deletes the retained messages at the topics that match. Subscribers are not told: whoever wants that publishes a retained message
     * without payload instead.
     *
     * @return how many there were
     */
    CompletionStage<Integer> deleteRetained(TopicFilter filter);

    /** What may wait in a session that is opened without {@link SessionOptions#queue}; the same while this service is there. */
    QueueLimits queueLimits();

    /** The limits in force. */
    List<LimitInfo> limits();

    /** Counters and figures of the whole broker. */
    BrokerInfo info();
}
