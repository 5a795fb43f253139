/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.api.Delivery;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.api.Subscription;
import io.bascule.mqtt.ReasonCode;
import io.bascule.shell.command.Inbox.Event;
import io.bascule.shell.view.Text;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** {@code mqtt:subscribe}: prints what comes until it is interrupted, from a session of its own that ends with it. */
public final class Subscribe implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Prints the messages that match a filter until Ctrl-C.";

    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:subscribe 'sensors/#'";

    /** How soon it notices that nobody wants it any more. */
    private static final Duration GLANCE = Duration.ofSeconds(1);
    /** QoS 1 and 2: no more than the console can have before it. */
    private static final int RECEIVE_MAXIMUM = 100;

    private static final int BATCH = 256;

    private final Subscription subscription;
    private final Answers answers = new Answers(Answers.PATIENCE);

    private Subscribe(Subscription subscription) {
        this.subscription = subscription;
    }

    /**
     * What is to be subscribed to.
     *
     * @param filter as typed, null when it was left out
     * @param qos as typed
     * @throws CommandFailure when one of them cannot be used
     */
    public static Subscribe of(String filter, String qos) {
        return new Subscribe(Subscription.of(Input.filter(filter, "mqtt:subscribe"), Input.qos(qos)));
    }

    /** @throws CommandFailure also when the broker ends the session */
    @Override
    public void run(Supplier<Services> services, Console console) {
        Broker broker = services.get().runningBroker();
        Inbox inbox = new Inbox();
        String clientId =
                String.format("console-%08x", ThreadLocalRandom.current().nextInt());
        SessionOptions options = SessionOptions.temporary(clientId).withReceiveMaximum(RECEIVE_MAXIMUM);
        CompletionStage<Session> opening = broker.open(options, inbox);
        try {
            Session session = answers.await(opening, "The broker has not opened a session");
            subscribe(session, console);
            print(session, inbox, console);
        } catch (InterruptedException e) {
            // Ctrl-C: what ends this command, and not the shell's thread.
        } finally {
            // Also when it opens only now.
            opening.thenAccept(Session::end);
        }
        if (inbox.skipped() > 0 && !console.json()) {
            console.out().println(inbox.skipped() + " messages of QoS 0 came faster than they could be shown.");
        }
    }

    private void subscribe(Session session, Console console) throws InterruptedException {
        List<ReasonCode> reasons = answers.await(
                session.subscribe(List.of(subscription)), "The broker has not confirmed the subscription");
        ReasonCode reason = reasons.get(0);
        if (reason.isFailure()) {
            throw new CommandFailure("The broker refused the subscription: " + reason + ".");
        }
        if (!console.json()) {
            String filter = subscription.filter().text();
            console.out()
                    .println("Subscribed to " + Text.printable(filter) + "; Ctrl-C ends it."
                            + Input.secondThought(filter));
            console.out().flush();
        }
    }

    private static void print(Session session, Inbox inbox, Console console) throws InterruptedException {
        DeliveryPrinter printer = new DeliveryPrinter(console.json());
        int handled = 0;
        while (console.wanted().getAsBoolean()) {
            Optional<Event> next = inbox.next(GLANCE);
            if (next.isPresent()) {
                handle(session, next.get(), printer, console.out());
                handled++;
            }
            // When nothing more waits, and now and then in a flood.
            boolean pause = inbox.isEmpty() || handled % BATCH == 0;
            if (pause && console.hasGone()) {
                return;
            }
        }
    }

    private static void handle(Session session, Event event, DeliveryPrinter printer, PrintStream out) {
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
