/* SPDX-License-Identifier: Apache-2.0 */
/** Network clients: from CONNECT to the end of their connection. */
package io.bascule.broker.client;
