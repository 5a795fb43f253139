/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.itests.example;

import io.bascule.api.Broker;
import io.bascule.api.Identity;
import io.bascule.api.Session;
import io.bascule.api.SessionOptions;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.mqtt.TopicFilter;
import io.bascule.spi.MessageSubscriber;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Answers questions over MQTT: what is published to {@code ask/WORD} is answered at {@code answer/WORD}. */
@Component(property = MessageSubscriber.TOPIC_FILTER + "=ask/+")
public final class Operator implements MessageSubscriber {
    private final Broker broker;
    private final Line line;
    private final Dashboard dashboard;
    private final Historian historian;
    private final Printer printer;

    @Activate
    public Operator(
            @Reference Broker broker,
            @Reference Line line,
            @Reference Dashboard dashboard,
            @Reference Historian historian,
            @Reference Printer printer) {
        this.broker = broker;
        this.line = line;
        this.dashboard = dashboard;
        this.historian = historian;
        this.printer = printer;
    }

    @Override
    public void message(Message question) {
        String word = question.topic().level(1);
        broker.publish(Message.of("answer/" + word, answer(word, question.text())));
    }

    private String answer(String word, String argument) {
        return switch (word) {
            case "order" -> line.order(argument).toCompletableFuture().join();
            case "dashboard" -> dashboard.shown();
            case "alarms" -> printer.printed();
            case "history" -> historian.written();
            case "pause" -> {
                historian.pause();
                yield "paused";
            }
            case "resume" -> {
                historian.resume();
                yield "resumed";
            }
            case "sessions" -> sessions();
            case "disconnect" -> disconnect(argument);
            case "end" -> end(argument);
            case "receivers" -> receivers(argument);
            case "retained" -> retained(argument);
            case "forget" -> forget(argument);
            case "figures" -> figures();
            case "try" -> tryToPublish(argument);
            default -> "what?";
        };
    }

    private String sessions() {
        return broker.sessions().stream()
                .map(each -> each.clientId()
                        + (each.connected() ? " connected as " + each.userName().orElse("nobody") : " away")
                        + ", " + each.queue().queued() + " queued")
                .collect(Collectors.joining("\n"));
    }

    private String disconnect(String clientId) {
        boolean wasConnected = broker.disconnect(clientId, ReasonCode.ADMINISTRATIVE_ACTION)
                .toCompletableFuture()
                .join();
        return wasConnected ? "disconnected" : "was not connected";
    }

    private String end(String clientId) {
        boolean wasThere = broker.endSession(clientId).toCompletableFuture().join();
        return wasThere ? "ended" : "was not there";
    }

    private String receivers(String topic) {
        return broker.receivers(Topic.of(topic)).stream()
                .map(each -> each.clientId() + " with QoS " + each.maximumQos().level())
                .collect(Collectors.joining("\n"));
    }

    private String retained(String filter) {
        return broker.retained(TopicFilter.of(filter), 100).stream()
                .map(each -> each.topic() + "=" + each.text())
                .collect(Collectors.joining("\n"));
    }

    private String forget(String filter) {
        int deleted = broker.deleteRetained(TopicFilter.of(filter))
                .toCompletableFuture()
                .join();
        return deleted + " deleted";
    }

    private String figures() {
        return broker.info().connected() + " connected, "
                + broker.info().dropped().get("intercepted") + " intercepted, limits "
                + broker.limits().size();
    }

    /** Publishes as a user, with what rights that user has. */
    private String tryToPublish(String topic) {
        SessionOptions options = SessionOptions.temporary("on behalf of guest").as(Identity.of("guest"));
        Session session =
                broker.open(options, delivery -> {}).toCompletableFuture().join();
        try {
            CompletableFuture<ReasonCode> reason = new CompletableFuture<>();
            session.publish(1, Message.of(topic, "hello").withQos(QoS.AT_LEAST_ONCE), reason::complete);
            return reason.join().toString();
        } finally {
            session.close();
        }
    }
}
