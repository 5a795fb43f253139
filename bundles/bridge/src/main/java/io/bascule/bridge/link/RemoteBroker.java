/* SPDX-License-Identifier: Apache-2.0 */
package io.bascule.bridge.link;

import io.bascule.bridge.config.Server;

/**
 * One of the remote brokers of a bridge, with what of it outlives a connection.
 *
 * @param index its place among them
 */
record RemoteBroker(int index, Server server, RemoteSession session, Greetings greetings) {}
