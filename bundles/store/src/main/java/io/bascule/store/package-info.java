/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The durable store: it owns what must outlive the process, on disk, and says when it is safe there. It never routes a
 * message, and never knows a connection.
 */
package io.bascule.store;
