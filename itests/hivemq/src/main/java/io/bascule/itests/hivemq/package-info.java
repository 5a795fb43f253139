/* SPDX-License-Identifier: Apache-2.0 */
/** HiveMQ CE as a process of its own: the other side of a bridge in tests. */
package io.bascule.itests.hivemq;
