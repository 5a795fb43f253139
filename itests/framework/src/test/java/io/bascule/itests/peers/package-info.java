/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Programs beside the tests: real brokers and real clients, each in a process of its own, on loopback addresses alone. None outlives the
 * test that started it.
 */
package io.bascule.itests.peers;
