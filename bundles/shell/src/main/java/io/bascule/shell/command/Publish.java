/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Broker;
import io.bascule.mqtt.Message;
import io.bascule.mqtt.ReasonCode;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.View;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code mqtt:publish}: a message, once or again and again, on behalf of whoever sits at the console. */
public final class Publish implements OngoingCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Publishes a message, once or again and again.";
    /** For the help of both shells. */
    public static final String EXAMPLE = "mqtt:publish --qos 1 --retain plant7/state 'running well'";

    private final Message message;
    private final Optional<Duration> expiry;
    private final Repetition repetition;
    private final Duration patience;
    private final Time time;

    private Publish(PublishInput input, Duration patience, Time time) {
        this.message = input.message();
        this.expiry = input.messageExpiry();
        this.repetition = input.repetition();
        this.patience = patience;
        this.time = time;
    }

    /**
     * What is to be published.
     *
     * @throws CommandFailure when something of it cannot be used
     */
    public static Publish of(PublishInput input) {
        return of(input, Answers.PATIENCE, Time.REAL);
    }

    static Publish of(PublishInput input, Duration patience, Time time) {
        return new Publish(input, patience, time);
    }

    @Override
    public void run(Supplier<Services> services, Console console) {
        Broker broker = services.get().runningBroker();
        if (repetition.equals(Repetition.ONCE)) {
            console.print(once(broker));
        } else {
            Burst burst = new Burst(() -> services.get().broker(), this::next, repetition, patience, time);
            console.print(burst.run(console.wanted()).view(message, repetition));
        }
    }

    private Message next() {
        return expiry.map(message::expiringIn).orElse(message);
    }

    private View once(Broker broker) {
        ReasonCode reason =
                new Answers(patience).awaitOrFail(broker.publish(next()), "The broker has not confirmed the message");
        if (reason.isFailure()) {
            throw new CommandFailure("The broker refused the message: " + reason + ".");
        }
        return new Sentence(sentence(reason), data(reason));
    }

    private String sentence(ReasonCode reason) {
        String topic = message.topic().name();
        String what = "Published " + message.payload().length + " bytes to " + topic;
        return reason == ReasonCode.NO_MATCHING_SUBSCRIBERS
                ? what + "; nobody is subscribed to it." + Input.secondThought(topic)
                : what + ".";
    }

    private Map<String, Object> data(ReasonCode reason) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("topic", message.topic().name());
        data.put("bytes", message.payload().length);
        data.put("qos", message.qos().level());
        data.put("retain", message.retain());
        data.put("reason", reason);
        return data;
    }
}
