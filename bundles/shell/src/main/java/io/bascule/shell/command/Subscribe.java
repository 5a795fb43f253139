/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.ReasonCode;
import io.bascule.shell.command.Inbox.Event;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** {@code mqtt:subscribe}: prints what comes until it is interrupted, from a session of its own that ends with it. */
public final class Subscribe {
    /** For the help of both shells. */
    public static final String SUMMARY = "Prints the messages that match a filter until Ctrl-C.";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** How soon it notices that nobody wants it any more. */
    private static final Duration GLANCE = Duration.ofSeconds(1);
    /** QoS 1 and 2: no more than the console can have before it. */
    private static final int RECEIVE_MAXIMUM = 100;

    private static final int BATCH = 256;

    private final Subscription subscription;
    private final boolean json;
    private final DeliveryPrinter printer;
    private final Answers answers = new Answers(PATIENCE);

    private Subscribe(Subscription subscription, boolean json) {
        this.subscription = subscription;
        this.json = json;
        this.printer = new DeliveryPrinter(json);
    }

    /**
     * What is to be subscribed to.
     *
     * @param filter as typed, null when it was left out
     * @param qos as typed
     * @throws CommandFailure when one of them cannot be used
     */
    public static Subscribe of(String filter, String qos, boolean json) {
        return new Subscribe(Subscription.of(Input.filter(filter), Input.qos(qos)), json);
    }

    /**
     * Prints until the thread is interrupted, which is how both shells pass on a Ctrl-C, or {@code wanted} says no.
     *
     * @throws CommandFailure when the broker refuses, or ends the session
     */
    public void run(Services services, PrintStream out, BooleanSupplier wanted) {
        Broker broker = services.runningBroker();
        Inbox inbox = new Inbox();
        String clientId =
                String.format("console-%08x", ThreadLocalRandom.current().nextInt());
        SessionOptions options = SessionOptions.temporary(clientId).withReceiveMaximum(RECEIVE_MAXIMUM);
        CompletionStage<Session> opening = broker.open(options, inbox);
        try {
            Session session = answers.await(opening, "The broker has not opened a session");
            subscribe(session, out);
            print(session, inbox, out, wanted);
        } catch (InterruptedException e) {
            // Ctrl-C: what ends this command, and not the shell's thread.
        } finally {
            // Also when it opens only now.
            opening.thenAccept(Session::end);
        }
        if (inbox.skipped() > 0 && !json) {
            out.println(inbox.skipped() + " messages of QoS 0 came faster than they could be shown.");
        }
    }

    private void subscribe(Session session, PrintStream out) throws InterruptedException {
        List<ReasonCode> reasons = answers.await(
                session.subscribe(List.of(subscription)), "The broker has not confirmed the subscription");
        ReasonCode reason = reasons.get(0);
        if (reason.isFailure()) {
            throw new CommandFailure("The broker refused the subscription: " + reason + ".");
        }
        if (!json) {
            out.println("Subscribed to " + subscription.filter() + "; Ctrl-C ends it.");
            out.flush();
        }
    }

    private void print(Session session, Inbox inbox, PrintStream out, BooleanSupplier wanted)
            throws InterruptedException {
        int handled = 0;
        while (wanted.getAsBoolean()) {
            Optional<Event> next = inbox.next(GLANCE);
            if (next.isPresent()) {
                handle(session, next.get(), out);
                handled++;
            }
            // Flushes where it is seen: when nothing more waits, and now and then in a flood. A remote console that
            // has gone is noticed by what it does not take.
            boolean pause = inbox.isEmpty() || handled % BATCH == 0;
            if (pause && out.checkError()) {
                return;
            }
        }
    }

    private void handle(Session session, Event event, PrintStream out) {
        if (event instanceof Event.Arrived arrived) {
            out.println(printer.line(arrived.delivery()));
            acknowledge(session, arrived.delivery());
        } else if (event instanceof Event.Released released) {
            session.pubcomp(released.packetId());
        } else if (event instanceof Event.Closed closed) {
            throw new CommandFailure("The broker ended the session: " + closed.reason() + ".");
        }
    }

    private static void acknowledge(Session session, Delivery delivery) {
        switch (delivery.qos()) {
            case AT_MOST_ONCE -> {}
            case AT_LEAST_ONCE -> session.puback(delivery.packetId(), ReasonCode.SUCCESS);
            case EXACTLY_ONCE -> session.pubrec(delivery.packetId(), ReasonCode.SUCCESS);
        }
    }
}
