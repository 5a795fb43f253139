/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Session;
import io.bascule.bridge.route.RouteBooks;
import io.bascule.bridge.route.RouteTable;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.spi.BridgeInterceptor.Way;
import io.bascule.transport.Acknowledgement;
import io.bascule.transport.Connection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Remote to local, for as long as one connection lives. What the remote broker publishes is published into the local session under the same
 * identifier, and acknowledged to the remote broker once the session says so; the session tells a QoS 2 message that comes twice.
 *
 * <p>While the direction is paused QoS 1 and 2 messages are held and QoS 0 ones dropped. PUBREL is answered all the same: it ends what was
 * taken before.
 *
 * <p>A message that is to have a higher QoS here than it came with is acknowledged to the remote broker as it came. There is nothing to tell one
 * of QoS 0 by, should it come again, and nobody but this end waits for it.
 *
 * <p>What comes after CONNACK and before the session is there is kept for a moment; nothing more is read meanwhile.
 */
final class Incoming {
    /**
     * So much may wait for those who say what the bridge may publish: less than the session holds, which would refuse what is beyond. The
     * remote broker has it still, and sends it again on the next connection.
     */
    private static final long MOST_UNDECIDED_BYTES = 32L << 20;

    /** The same in requests: a quarter of those that the session holds, half of which QoS 0 may take. A message is several by several routes. */
    private static final int MOST_UNDECIDED_REQUESTS = 16_384;

    private static final Letters NO_LETTERS = new Letters(List.of(), CompletableFuture.completedFuture(null));

    private final Connection connection;
    private final Limits limits;
    private final String bridge;
    private final RouteTable routes;
    private final Interception interception;
    private final DeadLetters deadLetters;
    private final Pauses pauses;
    private final Crossing.Events events;
    private final HeldMessages held;
    private final ReceiveRate rate;
    private final OwedAcknowledgements owed;
    private final RetainedIn retained; // null where no route needs it
    private final RetainedOut retainedThere; // null as well
    private final List<Runnable> early = new ArrayList<>();
    private long unacknowledgedBytes;
    private long raisedBytes;
    /** Those that the session has not answered, but for QoS 0. */
    private int requests;

    private Session session;
    private boolean detached;
    private boolean reading = true;
    private boolean flooded;
    private boolean quiet;

    Incoming(
            Lasting link,
            RemoteBroker broker,
            Connection connection,
            Limits limits,
            boolean remoteSessionPresent,
            Pulse pulse,
            RetainedOut retainedThere,
            RemoteSubscriptions subscriptions,
            Crossing.Events events) {
        this.connection = connection;
        this.limits = limits;
        this.bridge = link.name();
        this.routes = link.subscribe();
        this.interception = link.interception();
        this.deadLetters = link.deadLetters();
        this.pauses = link.pauses();
        this.events = events;
        this.owed = new OwedAcknowledgements(connection);
        this.held = new HeldMessages(limits.incomingMaximum());
        this.rate = new ReceiveRate(link, this::paced);
        this.retained = RetainedIn.isNeeded(link)
                ? new RetainedIn(
                        link,
                        broker,
                        connection,
                        limits,
                        remoteSessionPresent,
                        pulse,
                        () -> !isQuiet() || !reading,
                        subscriptions)
                : null;
        this.retainedThere = retainedThere;
    }

    void attach(Session attached) {
        session = attached;
        early.forEach(Runnable::run);
        early.clear();
    }

    /** Messages flow from now on, and the remote broker has answered every SUBSCRIBE. */
    void begin() {
        if (retained != null) {
            retained.begin(session);
        }
    }

    /** The connection or the session is gone: what is not acknowledged the remote broker will send again. */
    void detach() {
        owed.forget();
        early.clear();
        rate.close();
        if (retained != null) {
            retained.close();
        }
        detached = true;
    }

    /** PUBLISH from the remote broker; the identifier is 0 for QoS 0. */
    void publish(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        if (isHeld(() -> publish(message, packetId, dup, subscriptionIdentifiers))) {
            return;
        }
        if (packetId == 0) {
            rate.count(message.sizeInBytes());
        }
        if (packetId == 0 && pauses.includes(Direction.SUBSCRIBE)) {
            passedOver();
            cameBack(message, routes.matchAll(subscriptionIdentifiers, message.topic()), false);
            dropPaused(message, subscriptionIdentifiers);
        } else if (packetId != 0 && (quiet || pauses.includes(Direction.SUBSCRIBE) || held.hasPassedOver())) {
            passedOver();
            held.hold(message, packetId, dup, subscriptionIdentifiers);
        } else {
            take(message, packetId, dup, subscriptionIdentifiers);
        }
    }

    private void passedOver() {
        if (retained != null) {
            retained.passedOver();
        }
    }

    /** Whether what has to be acknowledged is to be held for a moment. */
    void quieten(boolean nowQuiet) {
        quiet = nowQuiet;
    }

    /** Whether everything that was taken is acknowledged. */
    boolean isQuiet() {
        return owed.size() == 0;
    }

    /** The sender of a QoS 0 message does not have it any more. */
    private void dropPaused(Message message, int[] subscriptionIdentifiers) {
        List<RouteTable.Match> matches = routes.matchAll(subscriptionIdentifiers, message.topic());
        matches.forEach(match -> refuse(match.books(), false, DropReasons.PAUSED));
        if (matches.isEmpty()) {
            refuse(
                    routes.unmapped(subscriptionIdentifiers, message.topic()),
                    false,
                    DropReasons.unmapped(routes, subscriptionIdentifiers, message.topic()));
        }
    }

    /** The direction is not paused any more: takes what was held. False where only the next connection brings all of it. */
    boolean catchUp() {
        if (held.hasPassedOver()) {
            return false;
        }
        held.release(this::take);
        return true;
    }

    private void take(Message message, int packetId, boolean dup, int[] subscriptionIdentifiers) {
        if (packetId != 0 && isTooMuchUndecided()) {
            events.overflowed();
            return;
        }
        boolean again = owed.isUndecided(message.qos(), packetId);
        if (again && dup) {
            return; // the session has it, which tells no copy from another that is published under the same identifier
        }
        List<RouteTable.Match> matches = routes.matchAll(subscriptionIdentifiers, message.topic());
        Optional<Message> onward = limits.loops().in(message);
        cameBack(message, matches, onward.isEmpty());
        if (matches.isEmpty() || onward.isEmpty()) {
            if (again) {
                return; // another message under its identifier
            }
            refuse(
                    matches.isEmpty()
                            ? routes.unmapped(subscriptionIdentifiers, message.topic())
                            : matches.get(0).books(),
                    false,
                    matches.isEmpty()
                            ? DropReasons.unmapped(routes, subscriptionIdentifiers, message.topic())
                            : DropReasons.LOOP);
            acknowledge(message.qos(), packetId, ReasonCode.SUCCESS);
            return;
        }
        List<Copy> copies = copies(onward.get(), matches, again);
        Letters letters = giveUpTooLarge(onward.get(), packetId, copies, again);
        if (copies.isEmpty() && letters != NO_LETTERS) {
            long bytes = message.sizeInBytes();
            begin(message.qos(), packetId, letters.books().get(0), bytes, again);
            letters.sent().thenRun(() -> lettersSent(message.qos(), packetId, bytes, letters));
            return;
        }
        if (copies.isEmpty()) {
            if (!again) {
                acknowledge(message.qos(), packetId, ReasonCode.SUCCESS);
            }
            return;
        }
        copies.subList(1, copies.size()).forEach(other -> publishCopy(other, packetId, dup));
        Copy copy = copies.get(0);
        Message mapped = copy.message();
        RouteBooks books = copy.books();
        if (packetId == 0) {
            books.received();
            publish(copy);
        } else {
            long bytes = (long) mapped.sizeInBytes() * copies.size();
            QoS qos = message.qos();
            begin(qos, packetId, books, bytes, again);
            if (mapped.qos() == QoS.EXACTLY_ONCE && qos != QoS.EXACTLY_ONCE) {
                publishAndRelease(copy, qos, packetId, dup, bytes, letters);
            } else {
                requests++;
                session.publish(packetId, mapped, dup, reason -> {
                    requests--;
                    taken(copy, qos, packetId, bytes, reason, letters);
                });
            }
        }
    }

    /**
     * Of a message that crosses with QoS 2 although it came with QoS 1: the remote broker will not release it, and may use the identifier for another
     * one once it is acknowledged, which therefore waits for the release.
     */
    private void publishAndRelease(Copy copy, QoS qos, int packetId, boolean dup, long bytes, Letters letters) {
        CompletableFuture<ReasonCode> published = new CompletableFuture<>();
        CompletableFuture<Void> released = new CompletableFuture<>();
        requests++;
        session.publish(packetId, copy.message(), dup, reason -> {
            requests--;
            published.complete(reason);
        });
        release(packetId, reason -> {
            if (published.isDone()) {
                released.complete(null);
            } else { // it came first: what was to be released is still held for those who say whether it may be
                // published
                published.thenRun(() -> release(packetId, later -> released.complete(null)));
            }
        });
        released.thenRun(() -> taken(copy, qos, packetId, bytes, published.join(), letters));
    }

    /** A message is not acknowledged from now on. */
    private void begin(QoS qos, int packetId, RouteBooks books, long bytes, boolean again) {
        if (!again) {
            books.received();
        }
        owed.owe(qos, packetId, books);
        unacknowledgedBytes += again ? 0 : bytes;
        pace();
    }

    /** A message as a route makes it, with the topic that it has come with. */
    private record Copy(Message message, RouteTable.Match match, Topic from) {
        RouteBooks books() {
            return match.books();
        }
    }

    /**
     * What is published of a message as dead letters, and has to be before it is acknowledged.
     *
     * @param books those of the routes that it is too large for
     * @param sent completes on the event loop
     */
    private record Letters(List<RouteBooks> books, CompletableFuture<Void> sent) {
        Letters and(RouteBooks route, CompletableFuture<Void> letter) {
            List<RouteBooks> all = new ArrayList<>(books);
            all.add(route);
            return new Letters(all, CompletableFuture.allOf(sent, letter));
        }
    }

    /** Takes out of the copies what is too large for its route. */
    private Letters giveUpTooLarge(Message original, int packetId, List<Copy> copies, boolean again) {
        Letters letters = NO_LETTERS;
        for (Iterator<Copy> each = copies.iterator(); each.hasNext(); ) {
            Copy copy = each.next();
            int size = copy.message().payload().length;
            if (size <= copy.match().route().maximumPayload()) {
                continue;
            }
            each.remove();
            if (!deadLetters.areMadeOf(original)) {
                refuse(copy.books(), again, DropReasons.TOO_LARGE);
                continue;
            }
            CompletableFuture<Void> sent = deadLetters.publish(
                    new DeadLetters.Uncrossed(
                            original, copy.match().route(), DropReasons.TOO_LARGE, size, packetId != 0),
                    () -> !detached);
            if (packetId == 0) {
                refuse(copy.books(), again, DropReasons.TOO_LARGE);
            } else {
                letters = letters.and(copy.books(), sent);
            }
        }
        return letters;
    }

    /** All that was to be made of a message are dead letters. */
    private void lettersSent(QoS qos, int packetId, long bytes, Letters letters) {
        if (owed.decided(qos, packetId) == null) {
            return; // the connection it came on is gone, and the identifier with it
        }
        unacknowledgedBytes -= bytes;
        drop(letters.books().get(0), DropReasons.TOO_LARGE);
        letters.books().stream().skip(1).forEach(books -> refuse(books, false, DropReasons.TOO_LARGE));
        acknowledge(qos, packetId, ReasonCode.SUCCESS);
        pace();
    }

    /** One for each route that takes the message, but for those that somebody has dropped, or this broker has. */
    private List<Copy> copies(Message message, List<RouteTable.Match> matches, boolean again) {
        List<Copy> copies = new ArrayList<>();
        for (RouteTable.Match match : matches) {
            Optional<Message> mapped = mapped(message, match);
            boolean unchanged =
                    retained != null && message.retain() && retained.isUnchanged(match.route(), message, mapped);
            if (mapped.isPresent() && !unchanged) {
                copies.add(new Copy(mapped.get(), match, message.topic()));
            } else {
                refuse(match.books(), again, unchanged ? DropReasons.UNCHANGED : DropReasons.INTERCEPTED);
            }
        }
        return copies;
    }

    /** It stands at the remote broker in the place of what was sent there, whatever becomes of it here. */
    private void cameBack(Message message, List<RouteTable.Match> matches, boolean isEcho) {
        if (retainedThere != null && message.retain()) {
            matches.forEach(match -> retainedThere.cameBack(message, match.topic(), isEcho));
        }
    }

    private void refuse(RouteBooks books, boolean again, String reason) {
        if (!again) { // else it is in the books already
            books.received();
            drop(books, reason);
        }
    }

    /**
     * Publishes for a second route. A remote broker may send one packet for several subscriptions, but an identifier of QoS 2 counts once in
     * the session, so that a further copy crosses with QoS 1 at most. It goes before the one whose acknowledgement stands for all.
     */
    private void publishCopy(Copy other, int packetId, boolean dup) {
        RouteBooks books = other.books();
        if (packetId == 0) {
            books.received();
            publish(other);
            return;
        }
        Message copy = other.message().withQos(other.message().qos().atMost(QoS.AT_LEAST_ONCE));
        requests++;
        session.publish(packetId, copy, dup, reason -> {
            requests--;
            books.received();
            count(books, other, reason);
        });
    }

    /** Publishes what came with QoS 0, of which the remote broker hears nothing. */
    private void publish(Copy copy) {
        Message mapped = copy.message();
        RouteBooks books = copy.books();
        int bytes = mapped.qos() == QoS.AT_MOST_ONCE ? 0 : mapped.sizeInBytes();
        if (bytes > 0 && isTooMuchRaised() && isUndecided()) {
            published(copy, ReasonCode.QUOTA_EXCEEDED);
            drop(books, DropReasons.of(ReasonCode.QUOTA_EXCEEDED)); // as the session does with QoS 0
            return;
        }
        books.forwarded();
        raisedBytes += bytes;
        session.publish(0, mapped, reason -> {
            raisedBytes -= bytes;
            published(copy, reason);
            String word = DropReasons.ofLocal(reason);
            if (reason.isFailure() && books.refused(word)) {
                tell(books, mapped.topic(), word);
            }
            if (bytes > 0 && !detached) {
                pace();
            }
        });
        if (bytes > 0) {
            pace();
        }
    }

    private boolean isTooMuchUndecided() {
        return (unacknowledgedBytes > MOST_UNDECIDED_BYTES || requests > MOST_UNDECIDED_REQUESTS) && isUndecided();
    }

    private boolean isUndecided() {
        return !session.missingAuthorizers().isEmpty();
    }

    /** Of what came with QoS 0 and is on its way into the store: nothing but this bounds it. */
    private boolean isTooMuchRaised() {
        return raisedBytes > HeldMessages.MOST_BYTES;
    }

    private Optional<Message> mapped(Message message, RouteTable.Match match) {
        Message mapped = routes.onward(message, match);
        Optional<Message> crossing = interception.isNobody()
                ? Optional.of(mapped)
                : interception.cross(
                        new Way(bridge, Direction.SUBSCRIBE, match.route().name()), mapped);
        QoS qos = message.qos().atLeast(match.route().minimumQos());
        return crossing.map(
                each -> each.withQos(qos).withRetain(match.route().retain().of(message.retain())));
    }

    /** The local broker has taken a message, or refused it. */
    private void taken(Copy copy, QoS qos, int packetId, long bytes, ReasonCode reason, Letters letters) {
        RouteBooks books = owed.decided(qos, packetId);
        if (books == null) {
            return; // the connection it came on is gone, and the identifier with it
        }
        unacknowledgedBytes -= bytes;
        count(books, copy, reason);
        if (letters == NO_LETTERS) {
            acknowledge(qos, packetId, reason);
        } else {
            letters.sent().thenRun(() -> lettersSentBeside(qos, packetId, reason, letters));
        }
        pace();
    }

    private void lettersSentBeside(QoS qos, int packetId, ReasonCode reason, Letters letters) {
        if (!detached) {
            letters.books().forEach(books -> refuse(books, false, DropReasons.TOO_LARGE));
            acknowledge(qos, packetId, reason);
            pace();
        }
    }

    private void paced() {
        if (rate.isHeldBack() && !flooded) {
            flooded = true;
            events.flooded();
        }
        pace();
    }

    /**
     * Reads no further while more waits for the local broker than may, in number and in bytes. The remote one should not send more than
     * Receive Maximum at a time, but Mosquitto 2.0 does, and on a reconnect its whole backlog: to disconnect it, as [MQTT-3.3.4-9] would have
     * it, is to do so for ever. Not for less: a full queue of another bridge may keep these messages waiting for hours, and what the remote
     * broker acknowledges of the other direction comes over the same connection.
     */
    private void pace() {
        boolean hasRoom = owed.size() <= limits.incomingMaximum() || unacknowledgedBytes <= HeldMessages.MOST_BYTES;
        boolean reads = hasRoom && (!isTooMuchRaised() || isUndecided()) && !rate.isHeldBack();
        if (reads != reading) {
            reading = reads;
            connection.reading(reading);
        }
    }

    private void count(RouteBooks books, Copy copy, ReasonCode reason) {
        published(copy, reason);
        if (!reason.isFailure()) {
            books.forwarded();
            return;
        }
        String word = DropReasons.ofLocal(reason);
        if (books.dropped(word)) {
            tell(books, copy.message().topic(), word);
        }
    }

    /** This broker has it, or has refused it. */
    private void published(Copy copy, ReasonCode reason) {
        if (retained != null && copy.message().retain() && copy.message().payload().length == 0) {
            retained.deleted(copy.match().route(), copy.from(), reason.isFailure());
        }
    }

    private void tell(RouteBooks books, Topic topic, String word) {
        if (word.equals(DropReasons.NOT_AUTHORIZED)) {
            events.denied(books, topic);
        } else {
            events.dropping(books, word);
        }
    }

    /** Whether it is not to be done now: later when the session is still to come, never when all is over. */
    private boolean isHeld(Runnable later) {
        if (session == null && !detached) {
            early.add(later);
        }
        return session == null || detached;
    }

    private void acknowledge(QoS qos, int packetId, ReasonCode reason) {
        owed.acknowledge(qos, packetId, asClient(reason));
    }

    /** What a client may say of this outcome (MQTT 5.0, sections 3.4.2.1 and 3.5.2.1). */
    private static ReasonCode asClient(ReasonCode reason) {
        return switch (reason) {
            case UNSPECIFIED_ERROR,
                    IMPLEMENTATION_SPECIFIC_ERROR,
                    NOT_AUTHORIZED,
                    TOPIC_NAME_INVALID,
                    PACKET_IDENTIFIER_IN_USE,
                    QUOTA_EXCEEDED,
                    PAYLOAD_FORMAT_INVALID -> reason;
            default -> reason.isFailure() ? ReasonCode.UNSPECIFIED_ERROR : ReasonCode.SUCCESS;
        };
    }

    private void drop(RouteBooks books, String reason) {
        if (books.dropped(reason)) {
            events.dropping(books, reason);
        }
    }

    /** PUBREL from the remote broker. */
    void pubrel(int packetId) {
        if (isHeld(() -> pubrel(packetId))) {
            return;
        }
        release(packetId, reason -> connection.acknowledge(Acknowledgement.PUBCOMP, packetId, reason));
    }

    private void release(int packetId, Consumer<ReasonCode> released) {
        requests++;
        session.pubrel(packetId, reason -> {
            requests--;
            released.accept(reason);
        });
    }
}
