/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.transport.internal;

/**
 * An event in a pipeline: nothing more comes that is to be read, and the connection is to close when what was sent has left.
 *
 * @param why one sentence without a full stop
 */
record InputEnded(String why) {}
