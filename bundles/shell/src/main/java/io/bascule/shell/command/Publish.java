/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.mqtt.Message;
import io.bascule.mqtt.QoS;
import io.bascule.mqtt.ReasonCode;
import io.bascule.mqtt.Topic;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.View;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code mqtt:publish}: one message of text on behalf of whoever sits at the console. */
public final class Publish implements ConsoleCommand {
    /** For the help of both shells. */
    public static final String SUMMARY = "Publishes a message of text.";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Message message;
    private final Answers answers;

    private Publish(Message message, Answers answers) {
        this.message = message;
        this.answers = answers;
    }

    /**
     * What is to be published.
     *
     * @param topic as typed, null when it was left out
     * @param text as typed, null when it was left out; an empty one that is retained clears the topic
     * @param qos as typed
     * @throws CommandFailure when one of them cannot be used
     */
    public static Publish of(String topic, String text, String qos, boolean retain) {
        return of(topic, text, qos, retain, PATIENCE);
    }

    static Publish of(String topic, String text, String qos, boolean retain, Duration patience) {
        Topic checked = Input.topic(topic);
        if (text == null) {
            throw new CommandFailure("A message is missing; '' is an empty one.");
        }
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        QoS level = Input.qos(qos);
        return new Publish(Message.of(checked, payload, level, retain), new Answers(patience));
    }

    @Override
    public View run(Services services) {
        try {
            ReasonCode reason = answers.await(
                    services.runningBroker().publish(message), "The broker has not confirmed the message");
            if (reason.isFailure()) {
                throw new CommandFailure("The broker refused the message: " + reason + ".");
            }
            return new Sentence(sentence(reason), data(reason));
        } catch (InterruptedException e) {
            throw new CommandFailure("Interrupted; the broker may have the message or not.");
        }
    }

    private String sentence(ReasonCode reason) {
        String what = "Published " + message.payload().length + " bytes to "
                + message.topic().name();
        return reason == ReasonCode.NO_MATCHING_SUBSCRIBERS ? what + "; nobody is subscribed to it." : what + ".";
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
