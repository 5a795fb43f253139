/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.subscriptions;

import io.bascule.mqtt.Topic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a match found, as sorted text, so that two trees can be compared: the value of a subscription, or {@code group=[members]}. */
final class MatchRecorder implements MatchVisitor<String> {
    private final List<String> found = new ArrayList<>();

    private MatchRecorder() {}

    static List<String> found(SubscriptionTree<?, String> tree, Topic topic) {
        MatchRecorder recorder = new MatchRecorder();
        tree.match(topic, recorder);
        Collections.sort(recorder.found);
        return recorder.found;
    }

    static List<String> found(SubscriptionTree<?, String> tree, String topic) {
        return found(tree, Topic.of(topic));
    }

    @Override
    public void subscription(String subscription) {
        found.add(subscription);
    }

    @Override
    public void shared(String shareName, List<String> members) {
        found.add(shareName + "=" + members.stream().sorted().toList());
    }
}
