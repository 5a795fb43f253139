/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.api;

/**
 * A limit that is in force.
 *
 * @param name as in the configuration
 * @param where {@code broker}, {@code store}, or {@code listener NAME}
 * @param value as it would stand in the configuration
 * @param hits how often somebody was held to it since the broker, or the listener, started
 */
public record LimitInfo(String name, String where, String value, long hits) {}
