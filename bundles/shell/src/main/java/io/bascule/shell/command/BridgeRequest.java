/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.shell.command;

import io.bascule.api.Bridge;
import io.bascule.api.BridgeStatus;
import io.bascule.shell.view.Sentence;
import io.bascule.shell.view.View;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What is asked of one bridge, and how it is answered. */
final class BridgeRequest {
    private final String name;
    private final Bridge bridge;

    private BridgeRequest(String name, Bridge bridge) {
        this.name = name;
        this.bridge = bridge;
    }

    /** Of the bridge of this name. */
    static BridgeRequest of(Services services, String name) {
        return new BridgeRequest(name, Input.bridge(services, name));
    }

    Bridge bridge() {
        return bridge;
    }

    /**
     * Waits for the answer.
     *
     * @param what has not been done otherwise, such as {@code started}
     */
    <T> T await(CompletionStage<T> stage, String what) {
        return Answers.of(stage, failure(what));
    }

    /** The beginning of a sentence that says what has not been done. */
    String failure(String what) {
        return "The bridge " + name + " was not " + what;
    }

    /** How it stands after that. */
    View answer(String text) {
        BridgeStatus status = bridge.status();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", name);
        data.put("state", status.state());
        data.put("paused", BridgeInfo.paused(status));
        data.put("queued", status.queue().queued());
        return new Sentence(text, data);
    }
}
