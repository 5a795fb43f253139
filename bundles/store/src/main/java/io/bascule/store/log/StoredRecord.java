/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.store.log;

/** A record that was read back. The payload is the reader's own. */
public record StoredRecord(byte type, byte[] payload) {}
