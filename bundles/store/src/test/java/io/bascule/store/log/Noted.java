/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what a listener is told. */
final class Noted implements LogListener {
    private final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void failed(IOException reason) {
        events.add(reason.getMessage());
    }

    @Override
    public void recovered() {
        events.add("recovered");
    }

    List<String> events() {
        return events;
    }
}
