/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.mqtt.Message;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.View;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a burst.
 *
 * @param sent messages given to the broker
 * @param acknowledged those of them that it has taken
 * @param unheard those of these that nobody was subscribed to
 * @param taken from the first to the last acknowledgement
 */
record BurstResult(int sent, int acknowledged, int unheard, Duration taken) {

    /** Messages acknowledged in a second. */
    long perSecond() {
        return Math.round(acknowledged * 1e9 / Math.max(1, taken.toNanos()));
    }

    String counts(String ofAll) {
        return "sent " + sent + ofAll + ", acknowledged " + acknowledged;
    }

    View view(Message message, Repetition asked) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("topic", message.topic().name());
        data.put("bytes", message.payload().length);
        data.put("qos", message.qos().level());
        data.put("retain", message.retain());
        data.put("asked", asked.count());
        data.put("sent", sent);
        data.put("acknowledged", acknowledged);
        data.put("withoutSubscribers", unheard);
        data.put("millis", taken.toMillis());
        data.put("perSecond", perSecond());
        return new Sentence(sentence(message, asked), data);
    }

    private String sentence(Message message, Repetition asked) {
        String topic = message.topic().name();
        String seconds = String.format(Locale.ROOT, "%.1f", taken.toMillis() / 1000.0);
        String of = sent < asked.count() ? " of " + asked.count() : "";
        String what = "Published to " + topic + ": " + counts(of) + " in " + seconds + " s, " + perSecond() + "/s";
        return unheard > 0 && unheard == acknowledged
                ? what + "; nobody is subscribed to it." + Input.secondThought(topic)
                : what + ".";
    }
}
