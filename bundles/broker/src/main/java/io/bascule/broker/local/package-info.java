/* SPDX-License-Identifier: Apache-2.0 */
/** In-process clients: the sessions of bundles. */
package io.bascule.broker.local;
