/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.broker.model;

/** A message as it was published. */
record Text(String topic, String payload, int qos, boolean retain, long expiresAt) {
    boolean isExpired(long now) {
        return now >= expiresAt;
    }
}
