/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.api.Bridge.Direction;
import io.bascule.api.Session;
import io.bascule.audit.Audit;
import io.bascule.audit.AuditEvent;
import io.bascule.bridge.link.Greetings.Greeting;
import io.bascule.bridge.route.RouteBooks;
import io.bascule.mqtt.MqttVersion;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.resource.Lease;
import io.bascule.spi.Credentials;
import io.bascule.transport.Connection;
import io.bascule.transport.ControlPacket;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One go at joining the two sessions, from the first packet to the loss of either: all that belongs to one connection. */
final class Attempt implements RemoteSide.Events, Crossing.Events, FurtherConnections.Events {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** How soon it is seen that the bridge may subscribe to what it might not. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(2);

    /** How long before credentials expire others are asked for, if they are good for five times as long; and how often after that. */
    private static final Duration LONGEST_LEAD = Duration.ofMinutes(1);

    /** Nobody waits for longer, and {@code Instant.MAX} is more than a timer takes. */
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    /** For a provider that gives what has all but expired. */
    private static final Duration SHORTEST_LIFE = Duration.ofSeconds(5);

    /** How long is waited, before a connection that works is left for another, for what has crossed to be acknowledged. */
    private static final Duration LONGEST_QUIETENING = Duration.ofSeconds(2);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    private final Lasting link;
    private final RemoteBroker broker;
    private final Events events;
    private final Pulse pulse;
    private final Greeting greeting;
    private final RemoteSide remote;
    private final FurtherConnections further;
    private LocalSubscriptions localSubscriptions;
    private Credentials credentials; // null until there are some
    private Runnable forget = () -> {};
    private boolean begun;
    private boolean joining;
    private boolean over;
    private boolean furtherLost;
    private Optional<String> repeated = Optional.empty();
    private Lease overdue;
    private Lease expiry;
    private Crossing crossing;
    private Watchdog watchdog;
    private Lease asking;
    private Lease quietening;

    /** What becomes of it. */
    interface Events {
        /** There is a connection, over which nothing was said yet; {@link #begin} says something. */
        void prepared();

        /** The remote broker has accepted the bridge; {@link #join} opens the local session. */
        void accepted();

        /** Both sessions are there and subscribed. */
        void joined();

        /** A connection that is made now will be better than this one. */
        void changed();

        /** The credentials will be of no more use before long. */
        void expiring();

        /** After it was over: of its connections beside the first none is left. */
        void ended();

        /**
         * It is over, or did not come about. The last call but {@link #ended}.
         *
         * @param ofUse whether messages have crossed, or could for a while, and it was not lost over the same message as those before
         * @param otherwise whether the next one may fare better because it is greeted in another way
         */
        void lost(String why, boolean ofUse, boolean otherwise);
    }

    /** At this remote broker; does nothing yet. */
    Attempt(Lasting link, RemoteBroker broker, Events events) {
        this.link = link;
        this.broker = broker;
        this.events = events;
        this.pulse = new Pulse(link.nanoTime());
        this.greeting = broker.greetings().current();
        this.remote = new RemoteSide(
                link.definition().presence(), greeting.version(), link.scope(), pulse, link.traces(), this);
        this.further = new FurtherConnections(link, broker, this);
    }

    /** Asks for credentials and makes a connection; {@link Events#prepared} follows, or {@link Events#lost}. */
    void prepare() {
        ask(this::connect);
    }

    /** The same where others are given than these; where they are the same it is over, and this is called in place of any event. */
    void prepareUnlessGiven(Credentials inUse, Runnable unchanged) {
        ask(given -> {
            if (over || !isSame(given, inUse)) {
                connect(given);
            } else {
                over = true;
                detach();
                link.eventLoop().execute(unchanged); // whoever called is not done yet
            }
        });
    }

    private void ask(Consumer<Credentials> then) {
        limitTime();
        forget = link.credentials()
                .next(
                        broker.server(),
                        given -> link.local().onLoop(() -> then.accept(given)),
                        why -> link.local().onLoop(() -> withoutCredentials(why)));
    }

    /** A record's own {@code equals} would compare passwords as objects. */
    private static boolean isSame(Credentials some, Credentials others) {
        return some.userName().equals(others.userName())
                && Arrays.equals(some.password().orElse(null), others.password().orElse(null))
                && some.expires().equals(others.expires());
    }

    private void connect(Credentials given) {
        if (credentials != null || over) {
            return;
        }
        credentials = given;
        overdue.close();
        LOG.debug("bridge {} connects to {}", link.name(), broker.server());
        remote.connect(link.transport(), link.wayOut().remote(broker.server()), link.eventLoop());
    }

    /** There will be no credentials, or nobody wants them any more. */
    private void withoutCredentials(String why) {
        if (credentials == null && !over) {
            over = true;
            detach();
            link.eventLoop().execute(() -> events.lost(why, false, false)); // whoever called is not done yet
        }
    }

    @Override
    public void prepared() {
        events.prepared();
    }

    /** Asks to be accepted over the connection that is prepared; {@link Events#accepted} follows, or {@link Events#lost}. */
    void begin() {
        begun = true;
        limitTime();
        if (link.remembered().isPresent() && !link.definition().cleanStart()) {
            // While it is not known whether the remote broker has kept its session, neither is what it has.
            link.remembered().get().asking(broker.index(), () -> link.local().onLoop(this::say));
        } else {
            say();
        }
    }

    @Override
    public void greeted() {
        link.remembered().ifPresent(remembered -> remembered.answered(broker.index(), crossing != null));
    }

    private void say() {
        if (remote.isOpen()) {
            remote.begin(Handshake.connect(link.definition(), link.local().brokerId(), greeting, credentials));
        }
    }

    /** Joins the two sessions; the local one will have these subscriptions. */
    void join(LocalSubscriptions subscriptions) {
        joining = true;
        localSubscriptions = subscriptions;
        link.standing().enter(LinkState.ATTACHING);
        limitTime();
        Crossing accepted = crossing;
        link.remotes()
                .joining(broker)
                .thenCombine(further.open(greeting, credentials), (fromElsewhere, answered) -> fromElsewhere)
                .whenComplete((fromElsewhere, trouble) -> link.local().onLoop(() -> {
                    if (crossing == accepted) {
                        overdue.close();
                        limitTime();
                        open(accepted, trouble != null || fromElsewhere);
                    }
                }));
    }

    private void open(Crossing accepted, boolean fromElsewhere) {
        if (!further.isEmpty()) {
            accepted.share(further);
        }
        link.local()
                .open(
                        Math.min(
                                accepted.deliveries(),
                                Session.HIGHEST_PACKET_ID), // more there are not, nor identifiers
                        accepted.outgoing(),
                        (opened, failure) -> opened(accepted, fromElsewhere, opened, failure));
    }

    /** Goes on where it has been left to stand; what is on its way comes about by itself. */
    void proceed(LocalSubscriptions subscriptions) {
        if (crossing != null) {
            join(subscriptions);
        } else if (remote.isOpen() && !begun) {
            begin();
        }
    }

    /** The remote broker that this is about. */
    RemoteBroker broker() {
        return broker;
    }

    /** Delivers nothing more, and calls when what has crossed is acknowledged, or has not been for long; not after {@link #detach}. */
    void quieten(Runnable quiet) {
        crossing.quieten();
        pace();
        if (quietening != null) {
            quietening.close(); // for a server that was there before
        }
        quietening(link.nanoTime().getAsLong() + LONGEST_QUIETENING.toNanos(), quiet);
    }

    /** Delivers again. */
    void goOn() {
        crossing.goOn();
        pace();
    }

    private void quietening(long until, Runnable quiet) {
        boolean isQuiet = crossing.isQuiet() && link.local().queue().inFlight() == 0;
        if (isQuiet || link.nanoTime().getAsLong() - until >= 0) {
            quiet.run();
        } else {
            quietening = link.eventLoop().schedule(link.scope(), LOOK_AGAIN, () -> quietening(until, quiet));
        }
    }

    private void limitTime() {
        overdue = link.eventLoop().schedule(link.scope(), link.definition().connectTimeout(), this::overdue);
    }

    private void overdue() {
        if (credentials == null) {
            withoutCredentials("the credential provider took too long");
            return;
        }
        if (joining && !link.local().missingAuthorizers().isEmpty()) {
            limitTime(); // it is not for the remote broker that the subscriptions wait
            return;
        }
        remote.close(
                ReasonCode.UNSPECIFIED_ERROR,
                "the remote broker took too long over " + (crossing == null ? "CONNACK" : "SUBACK"));
    }

    /** Whether the remote broker may have been told something already, and both sessions are not joined yet. */
    boolean isMidway() {
        return remote.isOpen() && link.standing().state() != LinkState.CONNECTED;
    }

    /** The other end of the connection. */
    SocketAddress remoteAddress() {
        return crossing.remoteAddress();
    }

    /** What is spoken over it. */
    MqttVersion version() {
        return greeting.version();
    }

    /** For how long no acknowledgement has come although one is to come; from any thread. */
    Duration silence() {
        Duration first = pulse.silence();
        Duration others = further.silence();
        return first.compareTo(others) >= 0 ? first : others;
    }

    /** Whether messages leave over several connections, and some are on their way. */
    boolean isSharedAndBusy() {
        return crossing != null && !further.isEmpty() && !crossing.isQuiet();
    }

    /** Whether something that was delivered is still to be sent. */
    boolean isAwaited() {
        return crossing != null && crossing.isAwaited();
    }

    /** Whether it has left nothing behind. */
    boolean isEnded() {
        return further.isEmpty() || further.isEnded();
    }

    /** How the remote broker answers. */
    Pulse pulse() {
        return pulse;
    }

    @Override
    public Crossing accepted(Connection connection, ControlPacket.ConnAck connAck) {
        overdue.close();
        connection.reading(false); // until there is a session to publish into
        for (Greeting useless : broker.greetings().accepted(greeting)) {
            LOG.info(
                    "bridge {}: the remote broker does not take {}, which is not offered to it again",
                    link.name(),
                    useless);
        }
        Limits limits = Limits.of(
                link.definition(),
                greeting.version(),
                connAck.properties(),
                link.loops().guard(broker.server(), link.local().brokerId(), connAck.properties(), greeting));
        crossing = new Crossing(link, broker, connection, limits, connAck.sessionPresent(), pulse, this);
        events.accepted();
        return crossing;
    }

    private void opened(Crossing joined, boolean fromElsewhere, Session opened, Throwable failure) {
        if (failure != null) {
            remote.close(ReasonCode.UNSPECIFIED_ERROR, "the local session cannot be opened: " + failure);
            return;
        }
        joined.attach(opened, localSubscriptions, fromElsewhere)
                .whenComplete((done, trouble) -> link.local().onLoop(() -> subscribed(joined, trouble)));
    }

    private void subscribed(Crossing joined, Throwable trouble) {
        if (crossing != joined) {
            return;
        }
        if (trouble != null) {
            remote.close(ReasonCode.UNSPECIFIED_ERROR, "the subscriptions cannot be made: " + trouble);
            return;
        }
        overdue.close();
        events.joined();
    }

    /** Lets messages flow. */
    void flow() {
        LOG.info(
                "bridge {} connected to {}: MQTT {}, {} remote session, up to {} messages in flight",
                link.name(),
                broker.server(),
                crossing.limits().version(),
                crossing.remoteSessionPresent() ? "earlier" : "new",
                crossing.receiveMaximum());
        Audit.record(
                AuditEvent.BRIDGE_CONNECTED, entry -> entry.bridge(link.name()).address(remoteAddress()));
        link.local().subscribed();
        link.standing().enter(LinkState.CONNECTED);
        watchdog = new Watchdog(link, this::silence);
        watchdog.start(stalled -> remote.close(ReasonCode.UNSPECIFIED_ERROR, stalled));
        remote.tellOnline();
        pace();
        if (crossing != null) { // it may have come to an end over what has waited
            crossing.begin();
        }
        askAgain();
        awaitExpiry();
        further.askAgain(greeting, credentials);
    }

    /** Says in time that the credentials expire, once. */
    void awaitExpiry() {
        credentials.expires().ifPresent(this::renewBefore);
    }

    /** What is said by it. */
    Credentials credentials() {
        return credentials;
    }

    private void renewBefore(Instant expires) {
        Duration left = Duration.between(Instant.now(), expires);
        Duration lead = left.dividedBy(5).compareTo(LONGEST_LEAD) < 0 ? left.dividedBy(5) : LONGEST_LEAD;
        Duration wait = left.isNegative() ? LONGEST_LEAD : left.minus(lead);
        if (wait.compareTo(FOR_EVER) < 0) {
            expiry = link.eventLoop()
                    .schedule(link.scope(), wait.compareTo(SHORTEST_LIFE) < 0 ? SHORTEST_LIFE : wait, events::expiring);
        }
    }

    /** Rights may change while there is a connection: what the bridge may not subscribe to is asked for until it may. */
    private void askAgain() {
        if (!link.standing().denied().isEmpty()) {
            asking = link.eventLoop().schedule(link.scope(), ASK_AGAIN, () -> {
                Crossing asked = crossing;
                asked.askAgain(localSubscriptions)
                        .whenComplete((done, trouble) -> link.local().onLoop(() -> {
                            if (crossing == asked) {
                                askAgain();
                            }
                        }));
            });
        }
    }

    /** Takes what was held while it was paused; false where only the next connection brings all of it. */
    boolean catchUp() {
        return crossing.catchUp();
    }

    /** Subscribes the local session to something else. */
    CompletionStage<Void> subscribe(LocalSubscriptions subscriptions) {
        localSubscriptions = subscriptions;
        return crossing.subscribe(subscriptions);
    }

    /** Lets go of the local session, which stays and collects, and of all timers. */
    void detach() {
        forget.run();
        if (overdue != null) {
            overdue.close();
        }
        if (watchdog != null) {
            watchdog.close();
        }
        if (asking != null) {
            asking.close();
        }
        if (expiry != null) {
            expiry.close();
        }
        if (quietening != null) {
            quietening.close();
        }
        if (joining) { // else the session is another connection's, if anybody's
            link.local().detach();
        }
        if (crossing != null) {
            crossing.detach();
            crossing = null;
        }
        further.close();
    }

    /** Takes leave of the remote broker; {@link Events#lost} follows. */
    void close(String sentence) {
        if (credentials == null) {
            withoutCredentials(sentence);
        } else {
            remote.close(ReasonCode.SUCCESS, sentence);
        }
    }

    /** The same, and has the remote session end so many seconds later; whether that could be said. */
    boolean closeForGood(String sentence, long sessionExpiryInterval) {
        if (credentials == null) {
            close(sentence);
            return false;
        }
        return remote.closeForGood(sentence, sessionExpiryInterval);
    }

    @Override
    public void pace() {
        if (joining && link.standing().state() == LinkState.CONNECTED) {
            crossing.open(mayLeave()); // and what leaves then may be the last for now
            link.local().ready(mayLeave() && !crossing.isHeld());
        }
    }

    @Override
    public void leaving() {
        if (crossing != null) {
            crossing.leave();
        }
        pace();
    }

    private boolean mayLeave() {
        return remote.isWritable()
                && further.isWritable()
                && !crossing.isHeldBack()
                && !link.pauses().includes(Direction.FORWARD);
    }

    @Override
    public void missing(String connection, String why) {
        link.standing().lacks(connection + " is missing: " + why, "what is for it takes the first one");
    }

    @Override
    public void found(String connection) {
        LOG.info("bridge {}: {} can be had now", link.name(), connection);
        events.changed();
    }

    @Override
    public void lost(String connection, String why, Lane lane, boolean byPeer) {
        if (crossing != null && !furtherLost) {
            furtherLost = true;
            repeated = crossing.lost(lane, lane.silence(), byPeer);
        }
        remote.close(ReasonCode.SUCCESS, connection + " is lost: " + why);
    }

    @Override
    public void ended() {
        events.ended();
    }

    @Override
    public void lost(String why) {
        if (crossing != null && !furtherLost) {
            repeated = crossing.lost(remote.isClosedByPeer());
        }
        Optional<String> again = repeated;
        boolean ofUse = again.isEmpty() && watchdog != null && watchdog.wasOfUse();
        boolean understood = broker.greetings().isUnderstood(greeting);
        boolean otherwise = broker.greetings()
                .lost(greeting, begun && remote.isNotUnderstood(), begun && remote.isVersionRefused());
        link.remembered().ifPresent(it -> it.lost(broker.index(), otherwise && !understood));
        detach();
        events.lost(again.map(each -> each + ": " + why).orElse(why), ofUse, otherwise);
    }

    @Override
    public void dropping(RouteBooks books, String reason) {
        if (reason.equals(DropReasons.EXCLUDED) || reason.equals(DropReasons.UNCHANGED)) {
            return; // as the file says
        }
        LOG.warn(
                "bridge {} drops messages of route {}: {}; further ones are only counted",
                link.name(),
                books.name(),
                reason);
    }

    @Override
    public void denied(RouteBooks books, Topic topic) {
        LOG.warn(
                "bridge {} may not {} {} in this broker, which drops it (route {}); {}; further ones are only counted",
                link.name(),
                Denial.action(books.direction()),
                topic,
                books.name(),
                Denial.remedy(link.name(), books.direction(), topic.toString()));
    }

    @Override
    public void overflowed() {
        remote.close(ReasonCode.QUOTA_EXCEEDED, "more waits for those who say what the bridge may do than is held");
    }

    @Override
    public void flooded() {
        LOG.warn(
                "bridge {}: the remote broker sends more than {} QoS 0 messages/s and is held back; this is said once a connection",
                link.name(),
                link.definition().receiveRate());
    }

    @Override
    public void violated(ReasonCode reason, String what) {
        remote.close(reason, "the remote broker breaks the protocol: " + what);
    }

    @Override
    public void unanswered(String what) {
        remote.close(ReasonCode.UNSPECIFIED_ERROR, what);
    }

    @Override
    public void sessionClosed(ReasonCode reason) {
        if (link.standing().state().isRunning()) {
            remote.close(ReasonCode.SUCCESS, "the local session was closed: " + reason);
        }
    }
}
