/* SPDX-License-Identifier: Apache-2.0 */
/** What the broker tells of itself in topics: {@code $SYS/broker/#}, under Mosquitto's names. */
package io.bascule.broker.sys;
