/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

/** A subscription. */
record Sub(String filter, int qos, boolean noLocal, boolean asPublished, int handling, int identifier) {
    boolean isShared() {
        return filter.startsWith("$share/");
    }

    boolean matches(String topic) {
        return Filters.matches(isShared() ? filter.substring(filter.indexOf('/', 7) + 1) : filter, topic);
    }
}
